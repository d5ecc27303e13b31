using System.Collections.Concurrent;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Surfaces;

/// <summary>
/// Brings one surface to what the session logs say it should show. It runs beside the turns: a slow surface slows no agent, and
/// many events become one edit. After a crash it folds again and converges.
/// </summary>
internal sealed partial class Reconciler(
    ISurface surface, SessionStore sessions, SessionLog log, Notices notices, IStore store, EngineMetrics metrics, TimeProvider clock, ILogger<Reconciler> logger) : Background(clock, logger)
{
    private readonly TimeProvider _clock = clock;
    private readonly ILogger _logger = logger;
    private readonly Signal _changed = new();
    private readonly ConcurrentDictionary<SessionId, long> _appended = new();
    private readonly ConcurrentDictionary<ConversationKey, ConversationSync> _conversations = new();
    private readonly MessageSync _messages = new(surface, log, store, logger);

    public override string Name => $"{nameof(Reconciler)} {Surface}";

    internal string Surface => surface.Name;

    /// <summary>How long the conversation that waits longest has not shown everything.</summary>
    internal TimeSpan Lag => _conversations.Values.Select(c => c.Behind ?? TimeSpan.Zero).DefaultIfEmpty().Max();

    /// <summary>Conversations that do not show everything.</summary>
    internal int Behind => _conversations.Values.Count(c => c.Behind is not null);

    public override int? Backlog => _conversations.Count;

    protected override Task Begin(CancellationToken stopping)
    {
        log.Appended += OnAppended;
        notices.Added += OnNotice;
        foreach (var conversation in store.Read(db => MessageStore.Behind(db, surface.Name))) Mark(conversation);
        return Task.CompletedTask;
    }

    protected override Signal? Wake => _changed;

    /// <summary>Only begins what each conversation then does for itself.</summary>
    protected override Task<TimeSpan?> Round(CancellationToken cancellation) => Task.FromResult(Start());

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        log.Appended -= OnAppended;
        notices.Added -= OnNotice;
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_conversations.Values.Select(c => c.Running));
    }

    /// <summary>Called on the store's own thread, which must not be held up: where the session is shown is looked up later.</summary>
    private void OnAppended(SessionId session)
    {
        _appended.TryAdd(session, _clock.GetTimestamp());
        _changed.Set();
    }

    private void OnNotice(ConversationKey conversation)
    {
        if (conversation.Surface == surface.Name) Mark(conversation);
    }

    private void Mark(ConversationKey conversation)
    {
        ConversationSync marked;
        do
        {
            marked = _conversations.GetOrAdd(conversation, key => new ConversationSync(key, surface, _messages, sessions, log, store, metrics, _clock, _logger));
            marked.Mark();
        }
        while (!_conversations.TryGetValue(conversation, out var kept) || kept != marked);
        _changed.Set();
    }

    private void MarkAppended()
    {
        foreach (var session in _appended.Keys)
        {
            if (!_appended.TryRemove(session, out var since)) continue;
            metrics.EventSeen(_clock.GetElapsedTime(since), surface.Name);
            try
            {
                foreach (var conversation in store.Read(db => SessionStore.Conversations(db, session, surface.Name))) Mark(conversation);
            }
            catch
            {
                _appended.TryAdd(session, since);
                throw;
            }
        }
    }

    /// <summary>Starts what is due; returns how long until the next is.</summary>
    private TimeSpan? Start()
    {
        MarkAppended();
        TimeSpan? next = null;
        foreach (var (key, conversation) in _conversations)
        {
            if (conversation.Due() is not { } due)
            {
                // Somebody may have marked it in between.
                if (conversation.IsIdle && _conversations.TryRemove(key, out var forgotten) && !forgotten.IsIdle) Mark(key);
                continue;
            }

            if (due <= TimeSpan.Zero) conversation.Run(() => Sync(conversation, Stopping), _changed.Set);
            else if (next is null || due < next) next = due;
        }

        return next;
    }

    private async Task Sync(ConversationSync conversation, CancellationToken stopping)
    {
        try
        {
            await conversation.Sync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            var pause = conversation.PutOff(e as SurfaceException);
            PutOff(_logger, surface.Name, conversation.Key.Key, conversation.Session, pause.TotalSeconds, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Surface} {Conversation} ({Session}) could not be brought up to date; it is tried again in {Pause:0.#} s")]
    private static partial void PutOff(ILogger logger, string surface, string conversation, SessionId? session, double pause, Exception e);
}
