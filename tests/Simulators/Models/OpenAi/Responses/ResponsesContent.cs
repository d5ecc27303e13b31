using System.Text.Json;

namespace Bots.Simulators.Models.OpenAi.Responses;

/// <summary>The content of an input message: text, or parts whose kinds depend on who speaks.</summary>
internal static class ResponsesContent
{
    private static readonly string[] Given = ["input_text", "input_image", "input_file", "input_audio"];
    private static readonly string[] Answered = ["output_text", "refusal"];

    public static string Text(JsonElement message, string at)
    {
        if (message.Get("content") is not { } content)
            throw ResponsesRequestParser.Missing($"{at}.content");
        if (content.ValueKind == JsonValueKind.String) return content.GetString()!;
        if (content.ValueKind != JsonValueKind.Array)
            throw ModelRefusal.Invalid($"Invalid type for '{at}.content': expected one of a string or array of objects.", $"{at}.content", "invalid_type");
        var allowed = message.GetText("role") == "assistant" ? Answered : Given;
        return string.Join("\n", content.EnumerateArray().Select((part, k) => Part(part, allowed, $"{at}.content[{k}]")));
    }

    private static string Part(JsonElement part, string[] allowed, string at)
    {
        var type = part.GetText("type") ?? throw ResponsesRequestParser.Missing($"{at}.type");
        if (!allowed.Contains(type))
            throw ModelRefusal.Invalid($"Invalid value: '{type}'. Supported values are: {string.Join(", ", allowed.Select(a => $"'{a}'"))}.", $"{at}.type", "invalid_value");
        return type is "input_text" or "output_text" ? part.GetText("text") ?? throw ResponsesRequestParser.Missing($"{at}.text") : "";
    }
}
