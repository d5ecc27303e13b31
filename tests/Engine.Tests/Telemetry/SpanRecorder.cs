using System.Collections.Immutable;
using System.Diagnostics;
using Bots.Engine.Telemetry;
using Bots.Engine.Tests.World;

namespace Bots.Engine.Tests.Telemetry;

/// <summary>The spans of one trace as they end. Listening is process-wide, so other tests' traces are left out.</summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly Pulse _pulse = new();
    private readonly ActivityListener _listener;
    private readonly ActivityTraceId _trace = ActivityTraceId.CreateRandom();
    private ImmutableList<Activity> _spans = [];

    public SpanRecorder()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Spans.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Take,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ImmutableList<Activity> All => Volatile.Read(ref _spans);

    /// <summary>Where the trace begins: the request that brings the delivery.</summary>
    public ActivitySpanId Root { get; private set; }

    /// <summary>Does something as within the request of this trace. Whatever goes on by itself is not within it.</summary>
    public async Task Within(Func<Task> request)
    {
        using var root = new Activity("request");
        root.SetParentId(_trace, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        root.Start();
        Root = root.SpanId;
        await request();
    }

    public IReadOnlyList<Activity> Named(string name) => [.. All.Where(span => span.OperationName == name)];

    /// <summary>The only span with this name.</summary>
    public Activity One(string name) => Named(name).ShouldHaveSingleItem();

    public Task Until(Func<bool> condition, string what) => _pulse.Until(condition, what);

    public void Dispose() => _listener.Dispose();

    private void Take(Activity span)
    {
        if (span.TraceId != _trace) return;
        ImmutableInterlocked.Update(ref _spans, spans => spans.Add(span));
        _pulse.Beat();
    }
}
