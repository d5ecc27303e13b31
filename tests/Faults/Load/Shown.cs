using System.Text.Json;
using Bots.Simulators.Slack;

namespace Bots.Faults.Load;

/// <summary>What is seen of the bot, from outside.</summary>
internal static class Shown
{
    /// <summary>The key the bot gave a message; null when it gave none.</summary>
    public static string? Key(SlackMessage message) =>
        message.Metadata is { } metadata && metadata.TryGetProperty("event_payload", out var payload) && payload.TryGetProperty("key", out var key) ? key.GetString() : null;

    public static bool HasButton(SlackMessage message, string action) => message.Blocks is { } blocks && Values(blocks, "action_id").Contains(action, StringComparer.Ordinal);

    /// <summary>An answer, or what stands in its place.</summary>
    public static bool IsPrompt(SlackMessage message) => Key(message) is { } key && key.StartsWith("prompt:", StringComparison.Ordinal) && key.Count(c => c == ':') == 1;

    public static bool IsFinal(SlackMessage message) =>
        !HasButton(message, "stop") && !message.Everything.Contains('⏳') && !message.Everything.Contains("⚙️", StringComparison.Ordinal);

    public static bool Answers(string text, string job) => text.Contains($"Answer of {job}.", StringComparison.Ordinal);

    public static bool IsFailure(string text) => text.Contains("did not work", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Values(JsonElement element, string property) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p =>
            p.NameEquals(property) && p.Value.ValueKind == JsonValueKind.String ? [p.Value.GetString()!] : Values(p.Value, property)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(e => Values(e, property)),
        _ => [],
    };
}
