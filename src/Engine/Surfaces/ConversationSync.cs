using Bots.Engine.Sessions;
using Bots.Engine.Storage;

namespace Bots.Engine.Surfaces;

/// <summary>One conversation on its way to what it should show. Only one synchronisation runs at a time.</summary>
internal sealed class ConversationSync(ConversationKey key, ISurface surface, MessageSync messages, SessionLog log, IStore store, TimeProvider clock)
{
    /// <summary>Elapsed times on screen move on without an event.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private SessionView? _view;
    private TimeSpan? _due;
    private TimeSpan _notBefore;
    private TimeSpan? _lastEdit;
    private int _failures;
    private bool _busy;

    public ConversationKey Key => key;

    public Task Running { get; private set; } = Task.CompletedTask;

    public bool IsIdle
    {
        get
        {
            lock (_lock) return !_busy && _due is null;
        }
    }

    public void Mark() => DueAt(clock.Steady());

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
        var pause = failure?.RetryAfter ?? TimeSpan.FromSeconds(Math.Min(60, 1 << Math.Min(_failures++, 6)));
        _notBefore = clock.Steady() + pause;
        DueAt(_notBefore);
        return pause;
    }

    public async Task Sync(CancellationToken cancellation)
    {
        var bound = store.Read(db => SessionStore.Find(db, key));
        // Under its real key, a conversation that its first message opened shows notices only.
        _view = bound is { } b && b.Conversation == key ? log.View(b.Session, _view) : null;
        var now = clock.GetUtcNow();
        var notices = store.Read(db => Notices.Open(db, key));
        var sent = store.Read(db => MessageStore.Of(db, key));
        var deferred = false;
        foreach (var message in _view is null ? [] : surface.Render(_view, key, now)) deferred |= !await Bring(message, sent, bound?.Session, cancellation);
        foreach (var notice in notices)
        {
            await Bring(surface.Render(notice), sent, null, cancellation);
            await store.Write(write => Notices.Done(write, notice.Id), cancellation);
        }

        _failures = 0;
        if (deferred && _lastEdit is { } last) DueAt(last + surface.EditInterval);
        else if (_view is { } shown) await store.Write(write => MessageStore.Shown(write, key, shown.Sequence), cancellation);
        if (_view?.Prompts.Any(p => p.State == PromptState.Running) == true) DueAt(clock.Steady() + Tick);
    }

    /// <returns>False when it is put off because of the edit interval.</returns>
    private async Task<bool> Bring(SurfaceMessage message, Dictionary<string, SentMessage> sent, SessionId? session, CancellationToken cancellation)
    {
        var before = sent.GetValueOrDefault(message.Key);
        var isEdit = before is { State: SentState.Sent } && message.Editable && before.Content != message.Content;
        if (isEdit && !message.Urgent && clock.Steady() - _lastEdit < surface.EditInterval) return false;
        if (isEdit) _lastEdit = clock.Steady();
        if (await messages.Bring(key, session, message, before, cancellation) is { } after) sent[message.Key] = after;
        return true;
    }

    private void DueAt(TimeSpan at)
    {
        lock (_lock)
        {
            if (_due is null || at < _due) _due = at;
        }
    }
}
