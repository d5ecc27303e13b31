using System.Text.Json;

namespace Bots.Simulators.Models.OpenAi;

/// <summary>The messages of a chat completion request, and the order they must have.</summary>
internal static class OpenAiMessages
{
    public static (string System, IReadOnlyList<ModelMessage> Messages) Parse(JsonElement messages)
    {
        var system = new List<string>();
        var parsed = new List<ModelMessage>();
        var open = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (message, i) in messages.EnumerateArray().Select((m, i) => (m, i)))
        {
            var role = message.GetText("role");
            if (role != "tool" && open.Count > 0)
                throw Unanswered(open);
            switch (role)
            {
                case "system" or "developer":
                    system.Add(Text(message, i));
                    break;
                case "user":
                    parsed.Add(new ModelMessage(ModelRole.User, Text(message, i), [], []));
                    break;
                case "assistant":
                    var calls = Calls(message, i);
                    open.UnionWith(calls.Select(c => c.Id));
                    parsed.Add(new ModelMessage(ModelRole.Assistant, calls.Count > 0 && message.Get("content") is null ? "" : Text(message, i), calls, []));
                    break;
                case "tool":
                    var id = message.GetText("tool_call_id") ?? throw ModelRefusal.Invalid($"Missing required parameter: 'messages[{i}].tool_call_id'.", $"messages[{i}].tool_call_id", "missing_required_parameter");
                    if (!open.Remove(id))
                        throw ModelRefusal.Invalid("Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.", $"messages[{i}].role");
                    parsed.Add(new ModelMessage(ModelRole.Tool, "", [], [new ModelToolResult(id, Text(message, i), false)]));
                    break;
                default:
                    throw ModelRefusal.Invalid($"Invalid value: '{role}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.", $"messages[{i}].role", "invalid_value");
            }
        }

        return open.Count > 0 ? throw Unanswered(open) : (string.Join("\n", system), parsed);
    }

    private static ModelRefusal Unanswered(HashSet<string> open) => ModelRefusal.Invalid(
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. "
        + $"The following tool_call_ids did not have response messages: {string.Join(", ", open)}", "messages");

    private static string Text(JsonElement message, int i)
    {
        if (message.Get("content") is not { } content)
            throw ModelRefusal.Invalid($"Invalid value for 'content': expected a string, got null.", $"messages[{i}].content");
        if (content.ValueKind == JsonValueKind.String)
            return content.GetString()!;
        if (content.ValueKind != JsonValueKind.Array)
            throw ModelRefusal.Invalid($"Invalid type for 'messages[{i}].content': expected one of a string or array of objects.", $"messages[{i}].content", "invalid_type");
        return string.Join("\n", content.EnumerateArray().Where(p => p.GetText("type") == "text").Select(p => p.GetText("text") ?? ""));
    }

    private static List<ModelToolUse> Calls(JsonElement message, int i)
    {
        if (message.Get("tool_calls") is not { } calls)
            return [];
        if (calls.ValueKind != JsonValueKind.Array || calls.GetArrayLength() == 0)
            throw ModelRefusal.Invalid($"Invalid 'messages[{i}].tool_calls': empty array.", $"messages[{i}].tool_calls", "empty_array");
        return [.. calls.EnumerateArray().Select((call, k) => Call(call, $"messages[{i}].tool_calls[{k}]"))];
    }

    private static ModelToolUse Call(JsonElement call, string at)
    {
        var function = call.Get("function");
        if (call.GetText("id") is not { } id || call.GetText("type") != "function" || function?.GetText("name") is not { } name)
            throw ModelRefusal.Invalid($"Missing required parameter in '{at}': 'id', 'type' and 'function.name' are needed.", at, "missing_required_parameter");
        return function.Value.GetText("arguments") is { } arguments
            ? new ModelToolUse(id, name, arguments)
            : throw ModelRefusal.Invalid($"Invalid type for '{at}.function.arguments': expected a string.", $"{at}.function.arguments", "invalid_type");
    }
}
