using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Models.Anthropic;

internal sealed class AnthropicProtocol : IModelProtocol
{
    public ModelRequest Parse(JsonElement body, IHeaderDictionary headers) => AnthropicRequestParser.Parse(body, headers);

    public IReplyWriter Reply(HttpResponse response, ModelRequest request) => request.Stream
        ? new AnthropicStream(response, request)
        : new AnthropicWhole(response, request);

    public string Error(ModelRefusal refusal) => new JsonObject
    {
        ["type"] = "error",
        ["error"] = new JsonObject { ["type"] = refusal.Type, ["message"] = refusal.Message },
        ["request_id"] = $"req_{Guid.NewGuid():N}",
    }.ToJsonString();

    internal static JsonObject Usage(ModelUsage usage, int output) => new()
    {
        ["input_tokens"] = usage.Input,
        ["cache_creation_input_tokens"] = 0,
        ["cache_read_input_tokens"] = usage.Cached,
        ["output_tokens"] = output,
        ["service_tier"] = "standard",
    };

    internal static JsonObject Message(ModelRequest request, JsonArray content, string? stopReason, JsonObject usage) => new()
    {
        ["id"] = $"msg_{Guid.NewGuid():N}",
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = request.Model,
        ["content"] = content,
        ["stop_reason"] = stopReason,
        ["stop_sequence"] = null,
        ["usage"] = usage,
    };
}
