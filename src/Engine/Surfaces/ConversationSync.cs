using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Surfaces;

/// <summary>One conversation on its way to what it should show. Only one synchronisation runs at a time.</summary>
internal sealed partial class ConversationSync(
    ConversationKey key, ISurface surface, MessageSync messages, SessionStore sessions, SessionLog log, IStore store, EngineMetrics metrics, TimeProvider clock, ILogger logger)
{
    /// <summary>Elapsed times on screen move on without an event.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();

    /// <summary>Messages that may not be sent before a time.</summary>
    private readonly Dictionary<string, TimeSpan> _notBeforeOf = new(StringComparer.Ordinal);

    private SessionView? _view;
    private TimeSpan? _due;
    private TimeSpan _notBefore;
    private TimeSpan? _lastEdit;
    private int _failures;
    private bool _busy;

    /// <summary>Since when there is something that no synchronisation has looked at.</summary>
    private long? _marked;

    /// <summary>Since when there is something that those that have looked did not bring about.</summary>
    private long? _behind;

    public ConversationKey Key => key;

    /// <summary>The session it shows, as far as that is known.</summary>
    public SessionId? Session { get; private set; }

    /// <summary>How long it has not shown everything; null when it does.</summary>
    public TimeSpan? Behind
    {
        get
        {
            lock (_lock) return (_behind ?? _marked) is { } since ? clock.GetElapsedTime(since) : null;
        }
    }

    public Task Running { get; private set; } = Task.CompletedTask;

    public bool IsIdle
    {
        get
        {
            lock (_lock) return !_busy && _due is null;
        }
    }

    public void Mark()
    {
        lock (_lock) _marked ??= clock.GetTimestamp();
        DueAt(clock.Steady());
    }

    /// <summary>Time until it should be synchronised; null when it need not, or is being so.</summary>
    public TimeSpan? Due()
    {
        lock (_lock)
        {
            if (_busy || _due is not { } due) return null;
            return (due > _notBefore ? due : _notBefore) - clock.Steady();
        }
    }

    /// <param name="finished">Called when another synchronisation may start.</param>
    public void Run(Func<Task> sync, Action finished)
    {
        lock (_lock)
        {
            _busy = true;
            _due = null;
            (_behind, _marked) = (_behind ?? _marked, null);
        }

        Running = Task.Run(async () =>
        {
            try
            {
                await sync();
            }
            finally
            {
                lock (_lock) _busy = false;
                finished();
            }
        });
    }

    /// <summary>After a failure: waits as long as the surface says, else 1, 2, 4 … up to 60 s.</summary>
    public TimeSpan PutOff(SurfaceException? failure)
    {
        var pause = Sane(failure?.RetryAfter) ?? TimeSpan.FromSeconds(Math.Min(60, 1 << Math.Min(_failures++, 6)));
        _notBefore = clock.Steady() + pause;
        DueAt(_notBefore);
        return pause;
    }

    public async Task Sync(CancellationToken cancellation)
    {
        var bound = store.Read(db => SessionStore.Find(db, key));
        // Under its real key, a conversation that its first message opened shows notices only.
        _view = bound is { } b && b.Conversation == key && !store.Read(db => SessionStore.IsLost(db, key)) ? log.View(b.Session, _view) : null;
        Session = bound?.Session;
        var now = clock.GetUtcNow();
        var notices = store.Read(db => Notices.Open(db, key));
        var round = new Round(bound?.Session, store.Read(db => MessageStore.Of(db, key)));
        try
        {
            foreach (var message in _view is null ? [] : surface.Render(_view, key, now)) await Bring(message, round, cancellation);
            foreach (var notice in notices) await Bring(notice, round, cancellation);
        }
        catch (SurfaceException e) when (e.Outcome == SurfaceOutcome.PlaceGone)
        {
            await Lose(bound, notices, e, cancellation);
            Shown();
            return;
        }

        _failures = 0;
        if (round.Next is { } next) DueAt(next);
        else if (_view is { } shown) await store.Write(write => MessageStore.Shown(write, key, shown.Sequence), cancellation);
        if (round.Next is null) Shown();
        if (_view?.Prompts.Any(p => p.State == PromptState.Running) == true) DueAt(clock.Steady() + Tick);
    }

    private void Shown()
    {
        long? since;
        lock (_lock) (since, _behind) = (_behind, null);
        if (since is { } marked) metrics.Shown(clock.GetElapsedTime(marked), key.Surface);
    }

    private async Task Bring(Notice notice, Round round, CancellationToken cancellation)
    {
        if (await Bring(surface.Render(notice) with { Urgent = true, Trace = notice.Trace }, round, cancellation))
            await store.Write(write => Notices.Done(write, notice.Id), cancellation);
    }

    /// <summary>Where a message turns out to be gone, the one in its place is brought as well.</summary>
    /// <returns>False when something is put off.</returns>
    private async Task<bool> Bring(SurfaceMessage wanted, Round round, CancellationToken cancellation)
    {
        while (MessageRules.Standing(wanted, round.Sent) is { } standing)
        {
            var message = standing;
            var before = round.Sent.GetValueOrDefault(message.Key);
            var step = MessageRules.Step(before, message);
            // What people wait for stands there already: the rest of it can wait.
            if (message.Awaited is { } awaited && before?.Answered == awaited) message = message with { Urgent = false };
            if (step == MessageStep.Nothing) return true;
            if (Wait(message, step, round) is var wait && wait > TimeSpan.Zero) return round.PutOff(message, step, clock.Steady() + wait);
            if (step == MessageStep.Edit) _lastEdit = clock.Steady();
            try
            {
                round.Sent[message.Key] = await messages.Bring(key, round.Session, message, before, step, cancellation);
            }
            catch (SurfaceException e) when (e.Outcome == SurfaceOutcome.Retry && Sane(e.RetryAfter) is { } pause)
            {
                // The others need not wait for it: what a surface limits is one kind of call.
                Waits(logger, surface.Name, key.Key, message.Key, pause.TotalSeconds, e);
                return round.PutOff(message, step, _notBeforeOf[message.Key] = clock.Steady() + pause);
            }

            _notBeforeOf.Remove(message.Key);
        }

        return true;
    }

    /// <summary>How long until a message may be sent. By then it is rendered anew.</summary>
    private TimeSpan Wait(SurfaceMessage message, MessageStep step, Round round)
    {
        var now = clock.Steady();
        var isEdit = step == MessageStep.Edit;
        if (_notBeforeOf.TryGetValue(message.Key, out var until) && until > now) return until - now;
        if (isEdit && !message.Urgent && _lastEdit + surface.EditInterval is { } free && free > now) return free - now;
        // Messages stand in the order in which they belong, so one that waits holds up those behind it.
        if (!isEdit && message.Editable && round.PostsWaitUntil is { } first) return first > now ? first - now : Least;
        return surface.Admit(key, message, isEdit, message.Urgent || (!isEdit && message.Editable));
    }

    private async Task Lose((SessionId Session, ConversationKey Conversation)? bound, IReadOnlyList<Notice> notices, SurfaceException e, CancellationToken cancellation)
    {
        Lost(logger, surface.Name, key.Key, e);
        await store.Write(write =>
        {
            if (bound is var (session, conversation)) sessions.Lose(write, session, conversation, e.Message);
            foreach (var notice in notices) Notices.Done(write, notice.Id);
        }, cancellation);
    }

    /// <summary>Whoever asks to wait for longer than a day is mistaken.</summary>
    private static TimeSpan? Sane(TimeSpan? asked) => asked > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1) : asked;

    private void DueAt(TimeSpan at)
    {
        lock (_lock)
        {
            if (_due is null || at < _due) _due = at;
        }
    }

    /// <summary>What is known in one synchronisation.</summary>
    private sealed class Round(SessionId? session, Dictionary<string, SentMessage> sent)
    {
        public SessionId? Session => session;

        public Dictionary<string, SentMessage> Sent => sent;

        /// <summary>When the first of what is put off is due; null when nothing is.</summary>
        public TimeSpan? Next { get; private set; }

        /// <summary>Null while no message waits to be posted.</summary>
        public TimeSpan? PostsWaitUntil { get; private set; }

        public bool PutOff(SurfaceMessage message, MessageStep step, TimeSpan until)
        {
            if (Next is null || until < Next) Next = until;
            if (step == MessageStep.Post && message.Editable) PostsWaitUntil ??= until;
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Surface} {Conversation}: message {Key} is sent again in {Pause:0.#} s")]
    private static partial void Waits(ILogger logger, string surface, string conversation, string key, double pause, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Surface} {Conversation} is gone; nothing is shown there any more until somebody asks there again")]
    private static partial void Lost(ILogger logger, string surface, string conversation, Exception e);
}
