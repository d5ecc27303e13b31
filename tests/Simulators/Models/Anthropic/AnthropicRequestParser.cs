using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Models.Anthropic;

/// <summary>Reads a messages request and refuses what the original refuses.</summary>
internal static partial class AnthropicRequestParser
{
    public static ModelRequest Parse(JsonElement body, IHeaderDictionary headers, bool counting = false)
    {
        if (string.IsNullOrEmpty(headers["anthropic-version"]))
            throw ModelRefusal.Invalid("anthropic-version: header is required");
        var model = body.GetText("model") is { Length: > 0 } name ? name : throw ModelRefusal.Invalid("model: Field required");
        if (!counting)
            CheckLimits(body);
        if (body.Get("messages") is not { ValueKind: JsonValueKind.Array } messages)
            throw ModelRefusal.Invalid("messages: Field required");
        if (messages.GetArrayLength() == 0)
            throw ModelRefusal.Invalid("messages: at least one message is required");
        var marks = CountMarks(body);
        if (marks > 4)
            throw ModelRefusal.Invalid($"A maximum of 4 blocks with cache_control may be provided. Found {marks}.");

        return new ModelRequest
        {
            Protocol = ModelProtocol.AnthropicMessages,
            Model = model,
            System = System(body),
            Messages = AnthropicMessages.Parse(messages),
            Tools = Tools(body),
            Stream = body.IsTrue("stream"),
            Body = body.Clone(),
        };
    }

    private static void CheckLimits(JsonElement body)
    {
        if (body.Get("max_tokens") is not { } limit)
            throw ModelRefusal.Invalid("max_tokens: Field required");
        if (limit.ValueKind != JsonValueKind.Number || !limit.TryGetInt32(out var tokens))
            throw ModelRefusal.Invalid("max_tokens: Input should be a valid integer");
        if (tokens < 1)
            throw ModelRefusal.Invalid("max_tokens: must be greater than or equal to 1");
        if (body.Get("temperature") is { ValueKind: JsonValueKind.Number } t && t.GetDouble() is < 0 or > 1)
            throw ModelRefusal.Invalid("temperature: range: 0..1");
        AnthropicThinking.Check(body, tokens);
    }

    private static string System(JsonElement body) => body.Get("system") switch
    {
        null => "",
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } blocks => string.Join("\n", blocks.EnumerateArray().Select((b, i) => b.GetText("type") == "text" && b.GetText("text") is { Length: > 0 } text
            ? text
            : throw ModelRefusal.Invalid($"system.{i}.text: text content blocks must be non-empty"))),
        _ => throw ModelRefusal.Invalid("system: Input should be a valid string or list"),
    };

    private static List<string> Tools(JsonElement body)
    {
        if (body.Get("tools") is not { } tools)
            return [];
        if (tools.ValueKind != JsonValueKind.Array)
            throw ModelRefusal.Invalid("tools: Input should be a valid list");

        var names = new List<string>();
        foreach (var (tool, i) in tools.EnumerateArray().Select((t, i) => (t, i)))
        {
            var name = tool.GetText("name") ?? throw ModelRefusal.Invalid($"tools.{i}.custom.name: Field required");
            if (!ToolName().IsMatch(name))
                throw ModelRefusal.Invalid($"tools.{i}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'");
            if (tool.GetText("type") is null or "custom" && (!tool.Get("input_schema").IsObject() || tool.Get("input_schema")!.Value.GetText("type") != "object"))
                throw ModelRefusal.Invalid($"tools.{i}.custom.input_schema: Field required");
            if (names.Contains(name))
                throw ModelRefusal.Invalid("tools: Tool names must be unique.");
            names.Add(name);
        }

        return names;
    }

    private static int CountMarks(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Sum(p => p.Name == "cache_control" && p.Value.ValueKind == JsonValueKind.Object ? 1 : CountMarks(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().Sum(CountMarks),
        _ => 0,
    };

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,128}$")]
    private static partial Regex ToolName();
}
