using System.Text.Json;

namespace Bots.Simulators.Models.Anthropic;

/// <summary>How a request may ask for thinking.</summary>
internal static class AnthropicThinking
{
    private const int Least = 1024;

    public static void Check(JsonElement body, int maxTokens)
    {
        if (body.Get("thinking") is not { } thinking) return;
        if (thinking.GetText("type") is not ("enabled" or "disabled" or "adaptive"))
            throw ModelRefusal.Invalid($"thinking: Input tag '{thinking.GetText("type")}' found using 'type' does not match any of the expected tags: 'adaptive', 'disabled', 'enabled'");
        if (thinking.GetText("type") != "enabled") return;
        if (thinking.Get("budget_tokens") is not { } budget || !budget.TryGetInt32(out var tokens))
            throw ModelRefusal.Invalid("thinking.enabled.budget_tokens: Field required");
        if (tokens < Least)
            throw ModelRefusal.Invalid("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
        if (tokens >= maxTokens)
            throw ModelRefusal.Invalid("`max_tokens` must be greater than `thinking.budget_tokens`.");
        if (body.Get("temperature") is { ValueKind: JsonValueKind.Number } temperature && temperature.GetDouble() != 1)
            throw ModelRefusal.Invalid("`temperature` may only be set to 1 when thinking is enabled.");
        if (body.Get("tool_choice")?.GetText("type") is "any" or "tool")
            throw ModelRefusal.Invalid("Thinking may not be enabled when tool_choice forces tool use.");
    }
}
