using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bots.Simulators.Models.OpenAi.Responses;

/// <summary>The tools of a responses request: flat, unlike those of chat completions.</summary>
internal static partial class ResponsesTools
{
    private static readonly HashSet<string> BuiltIn = new(StringComparer.Ordinal)
    {
        "web_search", "web_search_preview", "file_search", "computer_use_preview", "code_interpreter", "image_generation", "local_shell", "shell", "mcp", "apply_patch", "namespace", "tool_search",
    };

    /// <returns>All that can be called, and those among them that take text rather than JSON.</returns>
    public static (IReadOnlyList<string> Names, IReadOnlyList<string> Custom) Parse(JsonElement body)
    {
        if (body.Get("tools") is not { } tools) return ([], []);
        if (tools.ValueKind != JsonValueKind.Array)
            throw ModelRefusal.Invalid("Invalid type for 'tools': expected an array of objects.", "tools", "invalid_type");
        var (names, custom) = (new List<string>(), new List<string>());
        foreach (var (tool, i) in tools.EnumerateArray().Select((t, i) => (t, i)))
        {
            switch (tool.GetText("type"))
            {
                case "function":
                    CheckSchema(tool, i);
                    names.Add(Name(tool, i));
                    break;
                case "custom":
                    CheckFormat(tool, i);
                    names.Add(Name(tool, i));
                    custom.Add(names[^1]);
                    break;
                case { } type when BuiltIn.Contains(type):
                    break;
                case null:
                    throw ResponsesRequestParser.Missing($"tools[{i}].type");
                case var type:
                    throw ModelRefusal.Invalid($"Invalid value: '{type}'. Supported values are: 'function', 'custom', and the built-in tools.", $"tools[{i}].type", "invalid_value");
            }
        }

        return (names, custom);
    }

    private static string Name(JsonElement tool, int i)
    {
        var name = tool.GetText("name") ?? throw ResponsesRequestParser.Missing($"tools[{i}].name");
        return ToolName().IsMatch(name)
            ? name
            : throw ModelRefusal.Invalid($"Invalid 'tools[{i}].name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.", $"tools[{i}].name", "invalid_value");
    }

    private static void CheckSchema(JsonElement tool, int i)
    {
        if (tool.Get("parameters") is { } schema && (schema.ValueKind != JsonValueKind.Object || schema.GetText("type") != "object"))
            throw ModelRefusal.Invalid($"Invalid schema for function '{tool.GetText("name")}': schema must be a JSON Schema of 'type: \"object\"'.", $"tools[{i}].parameters", "invalid_function_parameters");
    }

    private static void CheckFormat(JsonElement tool, int i)
    {
        if (tool.Get("format") is not { } format || format.GetText("type") == "text") return;
        if (format.GetText("type") != "grammar" || format.GetText("syntax") is not ("lark" or "regex") || format.GetText("definition") is null)
            throw ModelRefusal.Invalid($"Invalid 'tools[{i}].format': a grammar needs 'syntax' (lark or regex) and 'definition'.", $"tools[{i}].format", "invalid_value");
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$")]
    private static partial Regex ToolName();
}
