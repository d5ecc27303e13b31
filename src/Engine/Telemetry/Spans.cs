using System.Diagnostics;

namespace Bots.Engine.Telemetry;

/// <summary>
/// The spans of a request: one trace from its delivery to its final message. Whatever waits in the store has the <c>traceparent</c> of the span
/// that put it there, so the trace goes on with whoever takes it up, after a restart too. While nobody listens, no span is made.
/// </summary>
public static class Spans
{
    /// <summary>The name of the source of all spans, and of the meter.</summary>
    public const string Name = "Bots";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>Whether anybody listens; when not, whatever is done for spans alone can be spared.</summary>
    public static bool AreHeard => Source.HasListeners();

    /// <summary>Begins a span within the one that is under way here. Disposing it ends it.</summary>
    /// <returns>Null when nobody wants it.</returns>
    public static Activity? Begin(string name, ActivityKind kind = ActivityKind.Internal) => Source.StartActivity(name, kind);

    /// <summary>Begins a span that goes on with a stored trace.</summary>
    /// <param name="trace">A traceparent; null (nobody traced then) begins a trace of its own, or goes on with the one under way here.</param>
    public static Activity? Begin(string name, ActivityKind kind, string? trace) => Source.HasListeners() ? Source.StartActivity(name, kind, Parse(trace)) : null;

    /// <summary>Tells of something that is over.</summary>
    /// <param name="trace">As in <see cref="Begin(string, ActivityKind, string?)"/>.</param>
    public static void Past(string name, string? trace, DateTimeOffset from, DateTimeOffset to, params ReadOnlySpan<(string Key, object? Value)> tags)
    {
        if (!Source.HasListeners()) return;
        using var span = Source.StartActivity(name, ActivityKind.Internal, Parse(trace), startTime: from);
        if (span is null) return;
        foreach (var (key, value) in tags) span.SetTag(key, value);
        // One that took no time at all would be ended as of now.
        span.SetEndTime((to > from ? to : from.AddTicks(1)).UtcDateTime);
    }

    private static ActivityContext Parse(string? trace) => ActivityContext.TryParse(trace, null, isRemote: true, out var context) ? context : default;
}
