using System.Text.Json;

namespace Bots.Simulators.Models.OpenAi.Responses;

/// <summary>The input items of a responses request, and what must stand before what.</summary>
internal static class ResponsesInput
{
    public static (string System, IReadOnlyList<ModelMessage> Messages) Parse(JsonElement input)
    {
        if (input.ValueKind == JsonValueKind.String) return ("", [new ModelMessage(ModelRole.User, input.GetString()!, [], [])]);
        if (input.ValueKind != JsonValueKind.Array)
            throw ModelRefusal.Invalid("Invalid type for 'input': expected one of a string or array of input items.", "input", "invalid_type");
        if (input.GetArrayLength() == 0)
            throw ModelRefusal.Invalid("Invalid 'input': empty array. Expected an array with minimum length 1.", "input", "empty_array");
        var conversation = new Conversation();
        foreach (var (item, i) in input.EnumerateArray().Select((item, i) => (item, i))) conversation.Take(item, $"input[{i}]");
        return conversation.End();
    }

    private sealed class Conversation
    {
        private readonly List<string> _system = [];
        private readonly List<ModelMessage> _messages = [];
        private readonly Dictionary<string, string> _open = new(StringComparer.Ordinal);

        public void Take(JsonElement item, string at)
        {
            switch (item.GetText("type") ?? (item.Get("role") is null ? null : "message"))
            {
                case "message":
                    Message(item, at);
                    break;
                case "function_call":
                    Call(item, at, "arguments", "function_call_output");
                    break;
                case "custom_tool_call":
                    Call(item, at, "input", "custom_tool_call_output");
                    break;
                case "function_call_output" or "custom_tool_call_output":
                    Output(item, at);
                    break;
                case "reasoning":
                    if (!item.Get("summary").IsArray()) throw ResponsesRequestParser.Missing($"{at}.summary");
                    break;
                case null:
                    throw ResponsesRequestParser.Missing($"{at}.type");
                case var type:
                    throw ModelRefusal.Invalid($"Invalid value: '{type}'. Supported values are: 'message', 'reasoning', 'function_call', 'function_call_output', 'custom_tool_call', 'custom_tool_call_output'.", $"{at}.type", "invalid_value");
            }
        }

        public (string System, IReadOnlyList<ModelMessage> Messages) End() => _open.Count > 0
            ? throw ModelRefusal.Invalid($"No tool output found for {(_open.Values.First() == "function_call_output" ? "function" : "custom tool")} call {_open.Keys.First()}.", "input")
            : (string.Join("\n", _system), _messages);

        private void Message(JsonElement item, string at)
        {
            var text = ResponsesContent.Text(item, at);
            switch (item.GetText("role"))
            {
                case "system" or "developer":
                    _system.Add(text);
                    break;
                case "user":
                    _messages.Add(new ModelMessage(ModelRole.User, text, [], []));
                    break;
                case "assistant":
                    Say(text, []);
                    break;
                case var role:
                    throw ModelRefusal.Invalid($"Invalid value: '{role}'. Supported values are: 'assistant', 'system', 'developer', and 'user'.", $"{at}.role", "invalid_value");
            }
        }

        private void Call(JsonElement item, string at, string field, string answer)
        {
            var id = item.GetText("call_id") ?? throw ResponsesRequestParser.Missing($"{at}.call_id");
            var name = item.GetText("name") ?? throw ResponsesRequestParser.Missing($"{at}.name");
            var given = item.GetText(field) ?? throw ResponsesRequestParser.Missing($"{at}.{field}");
            if (!_open.TryAdd(id, answer))
                throw ModelRefusal.Invalid($"Duplicate call id '{id}'.", $"{at}.call_id", "invalid_value");
            Say("", [new ModelToolUse(id, name, given)]);
        }

        private void Output(JsonElement item, string at)
        {
            var id = item.GetText("call_id") ?? throw ResponsesRequestParser.Missing($"{at}.call_id");
            var text = item.Get("output") switch
            {
                { ValueKind: JsonValueKind.String } whole => whole.GetString()!,
                { ValueKind: JsonValueKind.Array } parts => string.Join("\n", parts.EnumerateArray().Select(p => p.GetText("text") ?? "")),
                _ => throw ResponsesRequestParser.Missing($"{at}.output"),
            };
            if (!_open.TryGetValue(id, out var answer) || answer != item.GetText("type"))
                throw ModelRefusal.Invalid($"No tool call found for {(item.GetText("type") == "function_call_output" ? "function" : "custom tool")} call output with call_id {id}.", "input");
            _open.Remove(id);
            _messages.Add(new ModelMessage(ModelRole.Tool, "", [], [new ModelToolResult(id, text, false)]));
        }

        /// <summary>What the model gave in one answer stands in the input as several items in a row.</summary>
        private void Say(string text, IReadOnlyList<ModelToolUse> calls)
        {
            if (_messages is [.., { Role: ModelRole.Assistant } last])
                _messages[^1] = last with { Text = string.Join("\n", new[] { last.Text, text }.Where(t => t.Length > 0)), Calls = [.. last.Calls, .. calls] };
            else
                _messages.Add(new ModelMessage(ModelRole.Assistant, text, calls, []));
        }
    }
}
