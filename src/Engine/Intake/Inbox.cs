using System.Collections.Concurrent;
using System.Diagnostics;
using Bots.Engine.Storage;
using Bots.Engine.Telemetry;
using Dapper;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Intake;

/// <summary>
/// Deliveries in the store, taken up in the order in which they came, one surface independent of the other. Most are nothing to the bot: where
/// that can be told at once they are done when they are stored, and their words are kept nowhere; what has to be read first is kept until it was.
/// </summary>
public sealed partial class Inbox(IStore store, IEnumerable<IDeliveryReader> readers, EngineMetrics metrics, TimeProvider clock, ILogger<Inbox> logger) : IInbox
{
    private const int MostAttempts = 8;

    /// <summary>Nobody asks to be left alone for longer.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private const int MostAtOnce = 256;
    private const int MostBytesAtOnce = 2 * 1024 * 1024;

    private const string Insert =
        """
        INSERT INTO deliveries (surface, delivery_id, happening_key, kind, body, received_at, trace, state, note)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """;

    private const string Pending =
        """
        SELECT id, surface, delivery_id, happening_key, kind, body, received_at, trace, attempts, next_attempt_at FROM deliveries
        WHERE state = 'pending' AND surface = @surface AND (next_attempt_at <= @now OR put_off_at > @now) ORDER BY id LIMIT @MostAtOnce
        """;

    private readonly ILookup<string, IDeliveryReader> _readers = readers.ToLookup(r => r.Surface);
    private readonly ConcurrentDictionary<string, Signal> _arrivals = new(StringComparer.Ordinal);

    /// <summary>Set when a delivery of that surface was stored.</summary>
    internal Signal Arrivals(string surface) => _arrivals.GetOrAdd(surface, _ => new Signal());

    public Task<bool> Append(Delivery delivery, CancellationToken cancellation) => Spans.AreHeard ? Traced(delivery, cancellation) : Append(delivery, null, cancellation);

    private async Task<bool> Traced(Delivery delivery, CancellationToken cancellation)
    {
        using var span = Spans.Begin("inbox", ActivityKind.Producer);
        span?.SetTag(SpanTags.Surface, delivery.Surface).SetTag(SpanTags.Kind, delivery.Kind).SetTag(SpanTags.Delivery, delivery.Id);
        try
        {
            // Where the request is left out as a sample, so is all that follows it.
            var isNew = await Append(delivery, span?.Id ?? Activity.Current?.Id, cancellation);
            span?.SetTag(SpanTags.Outcome, isNew ? "stored" : "duplicate");
            return isNew;
        }
        catch (Exception e)
        {
            span.Fail(e);
            throw;
        }
    }

    private async Task<bool> Append(Delivery delivery, string? trace, CancellationToken cancellation)
    {
        var passed = PassOver(delivery);
        var isNew = await store.Write(write =>
        {
            var isNew = write.Prepared(Insert)
                .Bind(delivery.Surface).Bind(delivery.Id).Bind(delivery.HappeningKey).Bind(delivery.Kind).Bind(passed is null ? delivery.Body : [])
                .Bind(delivery.ReceivedAt.ToUnixTimeMilliseconds()).Bind(trace).Bind(passed is null ? "pending" : "done").Bind(passed)
                .Run() == 1;
            if (isNew && passed is null) write.AfterCommit(Arrivals(delivery.Surface).Set);
            return isNew;
        }, cancellation);
        if (isNew && passed is not null) Passed(delivery, passed);
        return isNew;
    }

    private string? PassOver(Delivery delivery)
    {
        try
        {
            return _readers[delivery.Surface].Select(r => r.PassOver(delivery)).FirstOrDefault();
        }
        catch (Exception e)
        {
            // It is stored and read in its turn; what is wrong with it comes up again there, and is retried.
            Unclear(logger, delivery.Surface, delivery.Kind, delivery.Id, e);
            return null;
        }
    }

    private void Passed(Delivery delivery, string why)
    {
        metrics.TakenIn(clock.GetUtcNow() - delivery.ReceivedAt, delivery.Surface, "passed_over");
        PassedOver(logger, delivery.Surface, delivery.Kind, delivery.Id, why);
    }

    /// <summary>A surface's deliveries that are due, in the order in which they came; as many as are worth holding in memory, but one at least.</summary>
    internal IReadOnlyList<PendingDelivery> Due(string surface) => store.Read<IReadOnlyList<PendingDelivery>>(db =>
    {
        var due = new List<PendingDelivery>();
        var bytes = 0;
        foreach (var row in db.Query<Row>(Pending, new { surface, now = Now(), MostAtOnce }, buffered: false))
        {
            due.Add(row.ToDelivery());
            if ((bytes += row.Body.Length) >= MostBytesAtOnce) break;
        }

        return due;
    });

    /// <summary>When the earliest deferred delivery of a surface is due; null when none waits.</summary>
    internal TimeSpan? NextDue(string surface) => store.Read(db => db.QueryFirst<long?>(
        "SELECT MIN(next_attempt_at) FROM deliveries WHERE state = 'pending' AND surface = @surface", new { surface }))
        is { } due ? TimeSpan.FromMilliseconds(Math.Clamp(due - Now(), 0, Longest.TotalMilliseconds)) : null;

    /// <summary>Marks it done, in the transaction that records its effect. Its ids stay, so that it is known again; its words are kept no longer.</summary>
    internal static void Done(IWrite write, PendingDelivery delivery, string? note) =>
        write.Prepared("UPDATE deliveries SET state = 'done', note = ?, body = x'' WHERE id = ?").Bind(note).Bind(delivery.Row).Run();

    /// <summary>Puts it off with growing pauses (1 s, 2 s, 4 s …); after eight attempts it is parked.</summary>
    /// <param name="parking">What else is written when it is parked.</param>
    /// <returns>When it is tried again; null when it is parked.</returns>
    internal Task<DateTimeOffset?> PutOff(PendingDelivery delivery, string why, Action<IWrite> parking) => store.Write<DateTimeOffset?>(write =>
    {
        var attempts = delivery.Attempts + 1;
        var parked = attempts >= MostAttempts;
        var next = Now() + (1000L << (attempts - 1));
        write.Db.Execute(
            "UPDATE deliveries SET state = @state, attempts = @attempts, next_attempt_at = @next, put_off_at = @now, note = @why WHERE id = @Row",
            new { delivery.Row, state = parked ? "parked" : "pending", attempts, why, next, now = Now() });
        if (parked) parking(write);
        return parked ? null : DateTimeOffset.FromUnixTimeMilliseconds(next);
    });

    /// <summary>Puts it off without counting an attempt: somebody asks to be left alone, or one that came before has to be taken in first.</summary>
    /// <param name="also">What else is written.</param>
    internal Task Defer(PendingDelivery delivery, DateTimeOffset until, string why, Action<IWrite> also) => store.Write(write =>
    {
        write.Db.Execute(
            "UPDATE deliveries SET next_attempt_at = @until, put_off_at = @now, note = @why WHERE id = @Row AND state = 'pending'", new { delivery.Row, until, now = Now(), why });
        also(write);
    });

    /// <summary>Shows a surface's deliveries that were put off, with when each is tried again, one after the other in the order in which they came.</summary>
    internal void EachDeferred(string surface, Action<PendingDelivery, DateTimeOffset> show) => store.Read(db =>
    {
        const string deferred =
            """
            SELECT id, surface, delivery_id, happening_key, kind, body, received_at, trace, attempts, next_attempt_at FROM deliveries
            WHERE state = 'pending' AND surface = @surface AND next_attempt_at > 0 ORDER BY id
            """;
        foreach (var row in db.Query<Row>(deferred, new { surface }, buffered: false)) show(row.ToDelivery(), DateTimeOffset.FromUnixTimeMilliseconds(row.NextAttemptAt));
        return true;
    });

    /// <summary>Takes a parked delivery up again.</summary>
    public Task<InboxRetry> Retry(long id, CancellationToken cancellation) => store.Write(write =>
    {
        var found = write.Db.QueryFirstOrDefault<(string? Surface, string? State)>("SELECT surface, state FROM deliveries WHERE id = @id", new { id });
        if (found.Surface is not { } surface) return InboxRetry.Unknown;
        if (found.State != "parked") return InboxRetry.NotParked;
        write.Db.Execute("UPDATE deliveries SET state = 'pending', attempts = 0, next_attempt_at = 0 WHERE id = @id", new { id });
        write.AfterCommit(Arrivals(surface).Set);
        return InboxRetry.Begun;
    }, cancellation);

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Surface} {Kind} {Delivery} was passed over: {Why}")]
    private static partial void PassedOver(ILogger logger, string surface, string kind, string delivery, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether {Surface} {Kind} {Delivery} is anything to the bot cannot be told yet")]
    private static partial void Unclear(ILogger logger, string surface, string kind, string delivery, Exception e);

    private sealed record Row
    {
        public long Id { get; init; }

        public string Surface { get; init; } = "";

        public string DeliveryId { get; init; } = "";

        public string? HappeningKey { get; init; }

        public string Kind { get; init; } = "";

        public byte[] Body { get; init; } = [];

        public long ReceivedAt { get; init; }

        public string? Trace { get; init; }

        public long Attempts { get; init; }

        public long NextAttemptAt { get; init; }

        public PendingDelivery ToDelivery() => new(Id, (int)Attempts, NextAttemptAt > 0, new Delivery
        {
            Surface = Surface, Id = DeliveryId, HappeningKey = HappeningKey, Kind = Kind, Body = Body,
            ReceivedAt = DateTimeOffset.FromUnixTimeMilliseconds(ReceivedAt), Trace = Trace,
        });
    }
}

/// <param name="WasDeferred">It was put off before, for whatever reason.</param>
internal sealed record PendingDelivery(long Row, int Attempts, bool WasDeferred, Delivery Delivery);
