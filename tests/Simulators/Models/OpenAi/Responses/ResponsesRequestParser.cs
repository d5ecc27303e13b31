using System.Text.Json;

namespace Bots.Simulators.Models.OpenAi.Responses;

/// <summary>Reads a responses request and refuses what the original refuses.</summary>
internal static class ResponsesRequestParser
{
    /// <summary>Every parameter the original knows; it refuses any other.</summary>
    private static readonly HashSet<string> Parameters = new(StringComparer.Ordinal)
    {
        "background", "client_metadata", "conversation", "include", "input", "instructions", "max_output_tokens", "max_tool_calls", "metadata", "model", "parallel_tool_calls",
        "previous_response_id", "prompt", "prompt_cache_key", "prompt_cache_retention", "reasoning", "safety_identifier", "service_tier", "store", "stream", "stream_options",
        "temperature", "text", "tool_choice", "tools", "top_logprobs", "top_p", "truncation", "user",
    };

    public static ModelRequest Parse(JsonElement body)
    {
        if (body.GetText("model") is not { Length: > 0 } model)
            throw Missing("model");
        if (body.EnumerateObject().Select(p => p.Name).FirstOrDefault(name => !Parameters.Contains(name)) is { } unknown)
            throw ModelRefusal.Invalid($"Unknown parameter: '{unknown}'.", unknown, "unknown_parameter");
        if (body.Get("previous_response_id") is not null)
            throw ModelRefusal.Invalid($"Previous response with id '{body.GetText("previous_response_id")}' not found.", "previous_response_id", "previous_response_not_found");
        if (body.Get("max_output_tokens") is { } limit && (!limit.TryGetInt32(out var tokens) || tokens < 16))
            throw ModelRefusal.Invalid("Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16.", "max_output_tokens", "integer_below_min_value");
        if (body.Get("input") is not { } input)
            throw Missing("input");

        var (system, messages) = ResponsesInput.Parse(input);
        var (tools, custom) = ResponsesTools.Parse(body);
        return new ModelRequest
        {
            Protocol = ModelProtocol.OpenAiResponses,
            Model = model,
            System = string.Join("\n", new[] { body.GetText("instructions") ?? "", system }.Where(t => t.Length > 0)),
            Messages = messages,
            Tools = tools,
            CustomTools = custom,
            Stream = body.IsTrue("stream"),
            Body = body.Clone(),
        };
    }

    internal static ModelRefusal Missing(string at) => ModelRefusal.Invalid($"Missing required parameter: '{at}'.", at, "missing_required_parameter");
}
