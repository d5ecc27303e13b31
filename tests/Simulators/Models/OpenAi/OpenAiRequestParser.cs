using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bots.Simulators.Models.OpenAi;

/// <summary>Reads a chat completion request and refuses what the original refuses.</summary>
internal static partial class OpenAiRequestParser
{
    public static ModelRequest Parse(JsonElement body)
    {
        if (body.GetText("model") is not { Length: > 0 } model)
            throw ModelRefusal.Invalid("you must provide a model parameter");
        if (body.Get("messages") is not { ValueKind: JsonValueKind.Array } messages)
            throw ModelRefusal.Invalid("Missing required parameter: 'messages'.", "messages", "missing_required_parameter");
        if (messages.GetArrayLength() == 0)
            throw ModelRefusal.Invalid("Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.", "messages", "empty_array");

        var stream = body.IsTrue("stream");
        if (body.Get("stream_options") is not null && !stream)
            throw ModelRefusal.Invalid("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
        foreach (var limit in new[] { "max_tokens", "max_completion_tokens" })
        {
            if (body.Get(limit) is { } value && (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number) || number < 1))
                throw ModelRefusal.Invalid($"Invalid '{limit}': expected an integer >= 1.", limit, "integer_below_min_value");
        }

        var parsed = OpenAiMessages.Parse(messages);
        return new ModelRequest
        {
            Protocol = ModelProtocol.OpenAiChat,
            Model = model,
            System = parsed.System,
            Messages = parsed.Messages,
            Tools = Tools(body),
            Stream = stream,
            IncludeUsage = body.Get("stream_options")?.IsTrue("include_usage") ?? false,
            Body = body.Clone(),
        };
    }

    private static List<string> Tools(JsonElement body)
    {
        if (body.Get("tools") is not { } tools)
            return body.Get("tool_choice") is null
                ? []
                : throw ModelRefusal.Invalid("'tool_choice' is only allowed when 'tools' are specified.", "tool_choice");
        if (tools.ValueKind != JsonValueKind.Array || tools.GetArrayLength() == 0)
            throw ModelRefusal.Invalid("Invalid 'tools': expected an array with minimum length 1.", "tools", "empty_array");

        var names = new List<string>();
        foreach (var (tool, i) in tools.EnumerateArray().Select((t, i) => (t, i)))
        {
            var function = tool.GetText("type") == "function" ? tool.Get("function") : null;
            var name = function?.GetText("name") ?? throw ModelRefusal.Invalid($"Missing required parameter: 'tools[{i}].function.name'.", $"tools[{i}]", "missing_required_parameter");
            if (!ToolName().IsMatch(name))
                throw ModelRefusal.Invalid($"Invalid 'tools[{i}].function.name': string does not match pattern '^[a-zA-Z0-9_-]+$'.", $"tools[{i}].function.name", "invalid_value");
            if (function.Value.Get("parameters") is { } parameters && (parameters.ValueKind != JsonValueKind.Object || parameters.GetText("type") != "object"))
                throw ModelRefusal.Invalid($"Invalid schema for function '{name}': schema must be a JSON Schema of 'type: \"object\"'.", $"tools[{i}].function.parameters", "invalid_function_parameters");
            names.Add(name);
        }

        return names;
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$")]
    private static partial Regex ToolName();
}
