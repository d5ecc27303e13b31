using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bots.Slack.Rendering;

namespace Bots.Slack.Wire;

/// <summary>Slack's JSON: snake case, absent instead of null, unknown fields passed over.</summary>
[JsonSerializable(typeof(EventCallback))]
[JsonSerializable(typeof(SlackInteraction))]
[JsonSerializable(typeof(SlackContent))]
[JsonSerializable(typeof(DenyContext))]
[JsonSerializable(typeof(PostMessageRequest))]
[JsonSerializable(typeof(UpdateMessageRequest))]
[JsonSerializable(typeof(PostEphemeralRequest))]
[JsonSerializable(typeof(AddReactionRequest))]
[JsonSerializable(typeof(OpenViewRequest))]
[JsonSerializable(typeof(SlackResponse))]
[JsonSerializable(typeof(AuthTestResponse))]
[JsonSerializable(typeof(PostResponse))]
[JsonSerializable(typeof(UserResponse))]
[JsonSerializable(typeof(MessagesResponse))]
[JsonSerializable(typeof(ChannelResponse))]
[JsonSerializable(typeof(ChannelsResponse))]
internal sealed partial class SlackJson : JsonSerializerContext
{
    public static SlackJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        AllowOutOfOrderMetadataProperties = true,
        MaxDepth = 256,
    });
}
