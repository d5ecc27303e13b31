using System.Text.Json;

namespace Bots.Simulators.Models.Anthropic;

/// <summary>The messages of a request, and the order they must have.</summary>
internal static class AnthropicMessages
{
    public static IReadOnlyList<ModelMessage> Parse(JsonElement messages)
    {
        var parsed = new List<ModelMessage>();
        var open = new List<string>();
        var last = messages.GetArrayLength() - 1;
        foreach (var (message, i) in messages.EnumerateArray().Select((m, i) => (m, i)))
        {
            var role = message.GetText("role") switch
            {
                "user" => ModelRole.User,
                "assistant" => ModelRole.Assistant,
                "system" => throw ModelRefusal.Invalid("messages: Unexpected role \"system\". The Messages API accepts a top-level `system` parameter, not \"system\" as an input message role."),
                _ => throw ModelRefusal.Invalid($"messages.{i}.role: Input should be 'user' or 'assistant'"),
            };
            if (i == 0 && role != ModelRole.User)
                throw ModelRefusal.Invalid("messages: first message must use the \"user\" role");
            var blocks = Blocks(message, i);
            if (blocks.Count == 0 && !(i == last && role == ModelRole.Assistant))
                throw ModelRefusal.Invalid($"messages.{i}: all messages must have non-empty content except for the optional final assistant message");

            var results = role == ModelRole.User ? Results(blocks, i, open) : [];
            var calls = role == ModelRole.Assistant ? Calls(blocks, i) : [];
            var missing = open.Except(results.Select(r => r.CallId)).ToList();
            if (missing.Count > 0)
                throw ModelRefusal.Invalid($"messages.{i - 1}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", missing)}. Each `tool_use` block must have a corresponding `tool_result` block in the next message.");
            open = [.. calls.Select(c => c.Id)];
            parsed.Add(new ModelMessage(role, TextOf(blocks), calls, results));
        }

        return open.Count > 0
            ? throw ModelRefusal.Invalid($"messages.{last}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", open)}.")
            : parsed;
    }

    private static List<JsonElement> Blocks(JsonElement message, int i)
    {
        var content = message.Get("content") ?? throw ModelRefusal.Invalid($"messages.{i}.content: Field required");
        if (content.ValueKind == JsonValueKind.String)
        {
            var text = JsonSerializer.SerializeToElement(new { type = "text", text = content.GetString() });
            return content.GetString()!.Length == 0 ? [] : [text];
        }

        if (content.ValueKind != JsonValueKind.Array)
            throw ModelRefusal.Invalid($"messages.{i}.content: Input should be a valid string or list");
        List<JsonElement> blocks = [.. content.EnumerateArray()];
        for (var k = 0; k < blocks.Count; k++)
        {
            if (blocks[k].GetText("type") is null)
                throw ModelRefusal.Invalid($"messages.{i}.content.{k}.type: Field required");
            if (blocks[k].GetText("type") == "text" && string.IsNullOrEmpty(blocks[k].GetText("text")))
                throw ModelRefusal.Invalid("messages: text content blocks must be non-empty");
        }

        return blocks;
    }

    private static string TextOf(IEnumerable<JsonElement> blocks) =>
        string.Join("\n", blocks.Where(b => b.GetText("type") == "text").Select(b => b.GetText("text")));

    private static List<ModelToolUse> Calls(List<JsonElement> blocks, int i) =>
        [.. blocks.Where(b => b.GetText("type") == "tool_use").Select(b =>
            b.GetText("id") is { } id && b.GetText("name") is { } name && b.Get("input").IsObject()
                ? new ModelToolUse(id, name, b.Get("input")!.Value.GetRawText())
                : throw ModelRefusal.Invalid($"messages.{i}.content: a `tool_use` block needs `id`, `name` and an object `input`"))];

    private static List<ModelToolResult> Results(List<JsonElement> blocks, int i, List<string> open)
    {
        var results = new List<ModelToolResult>();
        foreach (var block in blocks.Where(b => b.GetText("type") == "tool_result"))
        {
            var id = block.GetText("tool_use_id") ?? throw ModelRefusal.Invalid($"messages.{i}.content.tool_use_id: Field required");
            if (!open.Contains(id))
                throw ModelRefusal.Invalid($"messages.{i}.content: unexpected `tool_use_id` found in `tool_result` blocks: {id}. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.");
            results.Add(new ModelToolResult(id, ResultText(block), block.IsTrue("is_error")));
        }

        return results;
    }

    private static string ResultText(JsonElement block) => block.Get("content") switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } parts => TextOf(parts.EnumerateArray()),
        _ => "",
    };
}
