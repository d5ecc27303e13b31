using System.Text.Json.Nodes;

namespace Bots.Simulators.Models.OpenAi.Responses;

/// <summary>The response an answer becomes, item by item.</summary>
internal sealed class ResponseObject(ModelRequest request, long created)
{
    private readonly string _id = $"resp_{Guid.NewGuid():N}";
    private readonly JsonArray _output = [];

    public int Count => _output.Count;

    public void Add(JsonObject item) => _output.Add(item.DeepClone());

    public bool IsCustom(string tool) => request.CustomTools.Contains(tool);

    public JsonObject Show(string status, ModelUsage? usage) => new()
    {
        ["id"] = _id,
        ["object"] = "response",
        ["created_at"] = created,
        ["status"] = status,
        ["error"] = null,
        ["incomplete_details"] = null,
        ["instructions"] = request.Body.GetText("instructions"),
        ["model"] = request.Model,
        ["output"] = _output.DeepClone(),
        ["parallel_tool_calls"] = true,
        ["previous_response_id"] = null,
        ["store"] = request.Body.Get("store") is not { ValueKind: System.Text.Json.JsonValueKind.False },
        ["usage"] = usage is null ? null : Usage(usage),
    };

    public static JsonObject Message(string id, string? text) => new()
    {
        ["type"] = "message",
        ["id"] = id,
        ["status"] = text is null ? "in_progress" : "completed",
        ["role"] = "assistant",
        ["content"] = text is null ? [] : new JsonArray(Part(text)),
    };

    public static JsonObject Part(string text) => new() { ["type"] = "output_text", ["text"] = text, ["annotations"] = new JsonArray() };

    /// <param name="input">Arguments as JSON, or what a custom tool takes as it is; null while they are still to come.</param>
    public JsonObject Call(string id, string callId, string name, string? input) => new()
    {
        ["type"] = IsCustom(name) ? "custom_tool_call" : "function_call",
        ["id"] = id,
        ["status"] = input is null ? "in_progress" : "completed",
        ["call_id"] = callId,
        ["name"] = name,
        [IsCustom(name) ? "input" : "arguments"] = input ?? "",
    };

    private static JsonObject Usage(ModelUsage usage) => new()
    {
        ["input_tokens"] = usage.Input + usage.Cached,
        ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.Cached },
        ["output_tokens"] = usage.Output,
        ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.Reasoning },
        ["total_tokens"] = usage.Input + usage.Cached + usage.Output,
    };
}
