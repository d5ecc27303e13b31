using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Models.OpenAi;

internal sealed class OpenAiProtocol(TimeProvider time) : IModelProtocol
{
    public ModelRequest Parse(JsonElement body, IHeaderDictionary headers) => OpenAiRequestParser.Parse(body);

    public IReplyWriter Reply(HttpResponse response, ModelRequest request) => request.Stream
        ? new OpenAiStream(response, request, time.GetUtcNow().ToUnixTimeSeconds())
        : new OpenAiWhole(response, request, time.GetUtcNow().ToUnixTimeSeconds());

    public string Error(ModelRefusal refusal) => new JsonObject
    {
        ["error"] = new JsonObject
        {
            ["message"] = refusal.Message,
            ["type"] = refusal.Type,
            ["param"] = refusal.Parameter,
            ["code"] = refusal.Code,
        },
    }.ToJsonString();

    internal static JsonObject Usage(ModelUsage usage) => new()
    {
        ["prompt_tokens"] = usage.Input + usage.Cached,
        ["completion_tokens"] = usage.Output,
        ["total_tokens"] = usage.Input + usage.Cached + usage.Output,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.Cached, ["audio_tokens"] = 0 },
        ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.Reasoning, ["audio_tokens"] = 0 },
    };
}
