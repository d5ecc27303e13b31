using System.Diagnostics;
using Bots.Engine.Forges;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Engine.Surfaces;
using Bots.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Intake;

/// <summary>Takes one surface's deliveries up in order: reads each, and records its effect together with the fact that it is done.</summary>
internal sealed partial class IntakeLoop(
    IDeliveryReader reader, Inbox inbox, IntakeEffects effects, IForge forge, IStore store, EngineMetrics metrics, TimeProvider clock, ILogger<IntakeLoop> logger)
    : Background(clock, logger)
{
    private const string Apology =
        "Sorry, I could not take this in, although I tried several times. Please try again; if that does not help, my log tells why.";

    internal static readonly TimeSpan LongestReading = TimeSpan.FromMinutes(5);

    /// <summary>Long enough to take up many in one round, and short enough that a round that hangs is told from a long one.</summary>
    private static readonly TimeSpan LongRound = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _clock = clock;
    private readonly ILogger _logger = logger;
    private readonly PlaceOrder _order = new();

    public override string Name => $"{nameof(IntakeLoop)} {Surface}";

    internal string Surface => reader.Surface;

    public override int? Backlog => store.Read(db => InboxEntry.Pending(db, reader.Surface));

    protected override Task Begin(CancellationToken stopping)
    {
        inbox.EachDeferred(reader.Surface, (delivery, until) =>
        {
            if (Quietly(reader.Place, delivery.Delivery) is { } place) _order.PutOff(place, delivery.Row, until);
        });
        return Task.CompletedTask;
    }

    protected override Signal? Wake { get; } = inbox.Arrivals(reader.Surface);

    protected override async Task<TimeSpan?> Round(CancellationToken cancellation)
    {
        var begun = _clock.GetTimestamp();
        var due = inbox.Due(reader.Surface);
        if (due.Count == 0) return inbox.NextDue(reader.Surface);
        foreach (var delivery in due.TakeWhile(_ => _clock.GetElapsedTime(begun) < LongRound)) await TakeInOrder(delivery, cancellation);
        return TimeSpan.Zero;
    }

    /// <summary>What came later for a place waits as long as what came before.</summary>
    private async Task TakeInOrder(PendingDelivery pending, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var place = _order.IsEmpty ? null : Quietly(reader.Place, pending.Delivery);
        if (place is not null && _order.Before(place, pending.Row) is { } before)
        {
            await inbox.Defer(pending, before, "it waits for one that came before", _ => { });
            _order.PutOff(place, pending.Row, before);
            return;
        }

        if (await Take(pending, cancellation) is not { } until)
        {
            if (place is not null) _order.Settled(place, pending.Row);
        }
        else if ((place ?? Quietly(reader.Place, pending.Delivery)) is { } own) _order.PutOff(own, pending.Row, until);
    }

    /// <returns>When it is tried again; null when it is settled.</returns>
    private async Task<DateTimeOffset?> Take(PendingDelivery pending, CancellationToken cancellation)
    {
        var delivery = pending.Delivery;
        using var named = LogScopes.Delivery(_logger, delivery.Surface, delivery.Id);
        using var span = Spans.Begin("intake", ActivityKind.Consumer, delivery.Trace);
        span?.SetTag(SpanTags.Surface, delivery.Surface).SetTag(SpanTags.Kind, delivery.Kind).SetTag(SpanTags.Delivery, delivery.Id);
        try
        {
            var (inbounds, known) = await Limited(token => Read(delivery, token), cancellation);
            var isNothing = inbounds.All(i => i is Inbound.Ignored);
            // Nobody may listen any more: then it goes on with what was stored.
            var trace = span?.Id ?? delivery.Trace;
            var note = await store.Write(write =>
            {
                var done = string.Join("; ", inbounds.Select((inbound, i) => effects.Apply(write, inbound, known, new Origin($"{delivery.Surface}:{delivery.Id}:{i}", trace))));
                Inbox.Done(write, pending, done);
                if (pending.WasDeferred) Notices.Withdraw(write, Deferred(delivery));
                write.AfterCommit(() => Over(delivery, isNothing ? "passed_over" : "taken", span));
                return done;
            }, cancellation);
            Taken(_logger, isNothing ? LogLevel.Debug : LogLevel.Information, delivery.Surface, delivery.Kind, delivery.Id, note);
            return null;
        }
        catch (Exception e) when (!Stopping.IsCancellationRequested && Deferral.Of(e, delivery.ReceivedAt, _clock.GetUtcNow()) is { } pause)
        {
            return await Defer(pending, pause, e);
        }
        catch (Exception e) when (!Stopping.IsCancellationRequested)
        {
            span.Fail(e);
            var until = await inbox.PutOff(pending, e.Message, write => Apologise(write, delivery, span?.Id ?? delivery.Trace));
            if (until is null) Over(delivery, "parked", span);
            if (until is null) Parked(_logger, delivery.Surface, delivery.Kind, delivery.Id, e);
            else PutOff(_logger, delivery.Surface, delivery.Kind, delivery.Id, e);
            return until;
        }
    }

    /// <returns>What it means, and the repositories there are, where one has to be found.</returns>
    private async Task<(IReadOnlyList<Inbound> Inbounds, IReadOnlyList<KnownRepository> Known)> Read(Delivery delivery, CancellationToken cancellation)
    {
        // People talk in many threads: nobody is looked up for what they say in those the bot takes no part in.
        if (Quietly(reader.Continues, delivery) is { } conversation && store.Read(db => SessionStore.Find(db, conversation)) is null)
            return ([new Inbound.Ignored("not addressed to us")], []);
        var inbounds = await reader.Read(delivery, cancellation);
        return (inbounds, inbounds.Any(MustClassify) ? await forge.Repositories(cancellation) : []);
    }

    /// <summary>What takes too long fails like anything else: it is tried again, and holds up nobody for good.</summary>
    private async Task<T> Limited<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var task = read(reading.Token);
        try
        {
            return await task.WaitAsync(LongestReading, _clock, cancellation);
        }
        catch (TimeoutException e) when (!task.IsCompleted)
        {
            throw new TimeoutException($"It was not understood within {LongestReading.TotalMinutes:0} minutes.", e);
        }
        finally
        {
            if (!task.IsCompleted) await reading.CancelAsync();
        }
    }

    /// <summary>Nothing is wrong with it: somebody asks to be left alone for a while. Whoever waits for an answer is told when that takes long.</summary>
    private async Task<DateTimeOffset> Defer(PendingDelivery pending, TimeSpan pause, Exception e)
    {
        var delivery = pending.Delivery;
        var until = _clock.GetUtcNow() + pause;
        await inbox.Defer(pending, until, e.Message, write =>
        {
            if (pause >= Deferral.Long && Quietly(reader.Awaited, delivery) is { } conversation)
                effects.Apply(write, new Inbound.Reply(conversation, Deferral.Text(until), null), [], new Origin(Deferred(delivery), delivery.Trace));
        });
        Waits(_logger, delivery.Surface, delivery.Kind, delivery.Id, pause.TotalSeconds, e);
        return until;
    }

    private static string Deferred(Delivery delivery) => $"{delivery.Surface}:{delivery.Id}:deferred";

    /// <summary>What continues a session knows its repository: a forge that is away holds up new sessions only.</summary>
    private bool MustClassify(Inbound inbound) => inbound is Inbound.PromptRequest { Target: null, MayStart: true } request
        && store.Read(db => SessionStore.Find(db, request.Conversation)) is null;

    private void Over(Delivery delivery, string outcome, Activity? span)
    {
        span?.SetTag(SpanTags.Outcome, outcome);
        metrics.TakenIn(_clock.GetUtcNow() - delivery.ReceivedAt, delivery.Surface, outcome);
    }

    private void Apologise(IWrite write, Delivery delivery, string? trace)
    {
        if (Quietly(reader.Awaited, delivery) is not { } conversation) return;
        effects.Apply(write, new Inbound.Reply(conversation, Apology, null), [], new Origin($"{delivery.Surface}:{delivery.Id}:parked", trace));
    }

    private ConversationKey? Quietly(Func<Delivery, ConversationKey?> look, Delivery delivery)
    {
        try
        {
            return look(delivery);
        }
        catch (Exception e)
        {
            Unreadable(_logger, delivery.Surface, delivery.Kind, delivery.Id, e);
            return null;
        }
    }

    [LoggerMessage(Message = "{Surface} {Kind} {Delivery}: {Note}")]
    private static partial void Taken(ILogger logger, LogLevel level, string surface, string kind, string delivery, string note);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Surface} {Kind} {Delivery} could not be taken in; it will be tried again")]
    private static partial void PutOff(ILogger logger, string surface, string kind, string delivery, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Surface} {Kind} {Delivery} is taken in later: it is put off for {Seconds:0.#} s, as was asked for")]
    private static partial void Waits(ILogger logger, string surface, string kind, string delivery, double seconds, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Surface} {Kind} {Delivery} could not be taken in and is parked")]
    private static partial void Parked(ILogger logger, string surface, string kind, string delivery, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "Nobody can tell where {Surface} {Kind} {Delivery} belongs")]
    private static partial void Unreadable(ILogger logger, string surface, string kind, string delivery, Exception e);
}
