using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bots.Slack.Wire;

/// <summary>What <c>SurfaceMessage.Content</c> holds for Slack.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Message), "message")]
[JsonDerivedType(typeof(Reaction), "reaction")]
[JsonDerivedType(typeof(Ephemeral), "ephemeral")]
internal abstract record SlackContent
{
    private SlackContent()
    {
    }

    /// <param name="Text">The fallback for notifications and screen readers, mrkdwn, at most 4,000 characters.</param>
    internal sealed record Message(string Text, IReadOnlyList<Block> Blocks) : SlackContent;

    internal sealed record Reaction(string Ts, string Name) : SlackContent;

    /// <summary>Seen by one user only, until they reload.</summary>
    internal sealed record Ephemeral(string User, string Text) : SlackContent;

    public string ToJson() => JsonSerializer.Serialize(this, SlackJson.Wire.SlackContent);

    public static SlackContent Parse(string json) =>
        JsonSerializer.Deserialize(json, SlackJson.Wire.SlackContent) ?? throw new FormatException("The content of a Slack message is empty.");
}
