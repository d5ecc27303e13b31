using System.Diagnostics.Metrics;
using Bots.Engine.Intake;
using Bots.Engine.Sessions;

namespace Bots.Engine.Telemetry;

/// <summary>
/// What is counted and timed as it happens. Durations are in seconds. Tags have few values each: never an id, a secret or anybody's words.
/// What can be looked up at any time is in <see cref="EngineGauges"/>.
/// </summary>
public sealed class EngineMetrics
{
    private readonly Histogram<double> _ack;
    private readonly Histogram<double> _intake;
    private readonly Histogram<double> _queue;
    private readonly Histogram<double> _turn;
    private readonly Histogram<double> _eventLag;
    private readonly Histogram<double> _shown;
    private readonly Histogram<double> _rateLimit;
    private readonly Histogram<double> _permission;
    private readonly Counter<long> _decided;
    private readonly Counter<long> _tokens;
    private readonly Counter<double> _cost;
    private readonly TimeProvider _clock;

    public EngineMetrics(Meter meter, TimeProvider clock)
    {
        _clock = clock;
        _ack = meter.CreateHistogram("bots_ack_duration", "s", "From a delivery's arrival until it is on disk and may be acknowledged.", null, Buckets.Moments);
        _intake = meter.CreateHistogram("bots_intake_delay", "s", "From a delivery's arrival until it was taken in.", null, Buckets.Waits);
        _queue = meter.CreateHistogram("bots_queue_wait", "s", "How long a prompt waited for its turn.", null, Buckets.Turns);
        _turn = meter.CreateHistogram("bots_turn_duration", "s", "A turn, from its begin to its recorded end, restarts included.", null, Buckets.Turns);
        _eventLag = meter.CreateHistogram("bots_event_lag", "s", "From an event of a session to whoever follows the log seeing it.", null, Buckets.Moments);
        _shown = meter.CreateHistogram("bots_reconcile_duration", "s", "From an event of a session until its conversation shows everything.", null, Buckets.Waits);
        _rateLimit = meter.CreateHistogram("bots_rate_limit_waits", "s", "Pauses others asked for, because too much was asked of them.", null, Buckets.Waits);
        _permission = meter.CreateHistogram("bots_permission_wait", "s", "How long a permission request was open.", null, Buckets.Turns);
        _decided = meter.CreateCounter<long>("bots_permissions_decided", "{request}", "Permission requests decided, by whom.");
        _tokens = meter.CreateCounter<long>("bots_tokens", "{token}", "Tokens of model calls.");
        _cost = meter.CreateCounter<double>("bots_cost", "USD", "What model calls cost, where the price is known.");
    }

    /// <summary>When a delivery arrived, for <see cref="Acknowledged"/>; 0 when nobody wants to know.</summary>
    public long Arrived() => _ack.Enabled ? _clock.GetTimestamp() : 0;

    /// <param name="arrived">From <see cref="Arrived"/>.</param>
    public void Acknowledged(long arrived, string surface, bool isNew)
    {
        if (arrived != 0) _ack.Record(_clock.GetElapsedTime(arrived).TotalSeconds, new("surface", surface), new("outcome", isNew ? "stored" : "duplicate"));
    }

    /// <param name="pause">How long there is to wait.</param>
    /// <param name="by">Who asked for it: a surface's name, <c>model</c>.</param>
    public void RateLimited(TimeSpan pause, string by) => _rateLimit.Record(pause.TotalSeconds, new KeyValuePair<string, object?>("by", by));

    internal void TakenIn(TimeSpan delay, string surface, string outcome) => _intake.Record(delay.TotalSeconds, new("surface", surface), new("outcome", outcome));

    internal void Started(TimeSpan waited) => _queue.Record(waited.TotalSeconds);

    internal void Finished(TimeSpan took, PromptState state) => _turn.Record(took.TotalSeconds, new KeyValuePair<string, object?>("outcome", Lower(state)));

    /// <param name="by"><c>watcher</c>, or the reconciler's surface.</param>
    internal void EventSeen(TimeSpan lag, string by) => _eventLag.Record(lag.TotalSeconds, new KeyValuePair<string, object?>("by", by));

    internal void Shown(TimeSpan took, string surface) => _shown.Record(took.TotalSeconds, new KeyValuePair<string, object?>("surface", surface));

    /// <param name="waited">Null when nobody was asked.</param>
    /// <param name="by"><c>person</c>, <c>rule</c>, <c>expired</c> or <c>other</c>.</param>
    internal void Decided(PermissionDecision decision, string by, TimeSpan? waited)
    {
        _decided.Add(1, new("decision", decision == PermissionDecision.Deny ? "denied" : "allowed"), new("by", by));
        if (waited is { } time) _permission.Record(time.TotalSeconds, new KeyValuePair<string, object?>("by", by));
    }

    /// <param name="cost">In US dollars; null when the price is not known.</param>
    internal void Used(string model, TokenUsage usage, decimal? cost)
    {
        Tokens(model, "input", usage.Input);
        Tokens(model, "output", usage.Output);
        Tokens(model, "cache_read", usage.CacheRead);
        Tokens(model, "cache_write", usage.CacheWrite);
        if (cost is { } dollars) _cost.Add((double)dollars, new KeyValuePair<string, object?>("model", model));
    }

    private void Tokens(string model, string type, long count)
    {
        if (count > 0) _tokens.Add(count, new("model", model), new("type", type));
    }

    internal static string Lower(PromptState state) => state switch
    {
        PromptState.Queued => "queued",
        PromptState.Running => "running",
        PromptState.Completed => "completed",
        PromptState.Cancelled => "cancelled",
        _ => "failed",
    };
}
