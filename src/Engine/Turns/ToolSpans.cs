using Bots.Engine.Sessions;
using Bots.Engine.Telemetry;

namespace Bots.Engine.Turns;

/// <summary>Spans of an agent's tool calls, told once each is over.</summary>
internal sealed class ToolSpans(TimeProvider clock)
{
    private static readonly HashSet<string> Kinds = ["read", "edit", "delete", "move", "search", "execute", "think", "fetch", "switch_mode"];

    /// <summary>Since when a call is known; null once it is over.</summary>
    private readonly Dictionary<string, DateTimeOffset?> _calls = new(StringComparer.Ordinal);

    /// <summary>Tells of what has ended.</summary>
    public void Heard(IEnumerable<ToolCall> changed)
    {
        if (!Spans.AreHeard) return;
        var now = clock.GetUtcNow();
        foreach (var call in changed)
        {
            _calls.TryAdd(call.Id, now);
            if (call.Status is not ("completed" or "failed") || _calls[call.Id] is not { } since) continue;
            _calls[call.Id] = null;
            // Agents may call a kind whatever they like.
            Spans.Past("tool", null, since, now, (SpanTags.Kind, Kinds.Contains(call.Kind) ? call.Kind : "other"), (SpanTags.Outcome, call.Status));
        }
    }
}
