using System.Collections.Concurrent;
using System.Data;
using System.Runtime.CompilerServices;
using Bots.Engine.Storage;
using Bots.Engine.Telemetry;
using Dapper;

namespace Bots.Engine.Sessions;

/// <summary>The append-only log of every session, and the way to follow one.</summary>
public sealed class SessionLog(IStore store, EngineMetrics metrics, TimeProvider clock)
{
    private readonly ConcurrentDictionary<SessionId, ConcurrentDictionary<Signal, byte>> _watchers = new();

    /// <summary>Called after each commit that appended to a session. Must not block.</summary>
    public event Action<SessionId>? Appended;

    /// <summary>Appends in a write of its own.</summary>
    public Task Append(SessionId session, params SessionEvent[] events) =>
        store.Write(write => Append(write, session, events));

    /// <summary>Appends as a part of a larger write.</summary>
    public void Append(IWrite write, SessionId session, params ReadOnlySpan<SessionEvent> events)
    {
        if (events.IsEmpty) return;
        var now = clock.GetUtcNow();
        var last = write.Db.QuerySingle<long>(
            "UPDATE sessions SET last_sequence = last_sequence + @count, updated_at = @now WHERE id = @session RETURNING last_sequence",
            new { session, count = events.Length, now });
        var sequence = last - events.Length;
        foreach (var happened in events)
        {
            write.Db.Execute(
                "INSERT INTO session_events (session_id, sequence, at, data) VALUES (@session, @sequence, @now, @data)",
                new { session, sequence = ++sequence, now, data = EngineJson.Write(happened) });
        }

        write.AfterCommit(() => Wake(session));
    }

    /// <summary>Events after a sequence number, oldest first, at most <paramref name="limit"/>.</summary>
    public IReadOnlyList<LoggedEvent> Read(SessionId session, long after, int limit = 10_000) =>
        store.Read(db => Events(db, session, after, limit).ToList());

    /// <summary>Folds what is new onto a view made earlier; null folds from the start.</summary>
    public SessionView View(SessionId session, SessionView? earlier = null) => store.Read(db =>
    {
        var view = earlier ?? new SessionView { Id = session };
        return Events(db, session, view.Sequence, long.MaxValue).Aggregate(view, SessionFold.Apply);
    });

    /// <summary>One after the other: a log may be longer than should be in memory at once.</summary>
    private static IEnumerable<LoggedEvent> Events(IDbConnection db, SessionId session, long after, long limit) =>
        db.Query<(long Sequence, DateTimeOffset At, byte[] Data)>(
            "SELECT sequence, at, CAST(data AS BLOB) FROM session_events WHERE session_id = @session AND sequence > @after ORDER BY sequence LIMIT @limit",
            new { session, after, limit }, buffered: false)
            .Select(row => new LoggedEvent(session, row.Sequence, row.At, EngineJson.Read<SessionEvent>(row.Data)));

    /// <summary>Events after a sequence number, then each one as it is committed, until cancelled.</summary>
    public async IAsyncEnumerable<LoggedEvent> Follow(SessionId session, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var signal = new Signal();
        var caughtUp = false;
        var watchers = _watchers.GetOrAdd(session, _ => new());
        watchers[signal] = 0;
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                foreach (var logged in Read(session, after))
                {
                    // What was there before is no news.
                    if (caughtUp) metrics.EventSeen(clock.GetUtcNow() - logged.At, "watcher");
                    yield return logged;
                    after = logged.Sequence;
                }

                caughtUp = true;
                await signal.Wait(null, clock, cancellation);
            }
        }
        finally
        {
            watchers.TryRemove(signal, out _);
        }
    }

    private void Wake(SessionId session)
    {
        if (_watchers.TryGetValue(session, out var watchers))
        {
            foreach (var watcher in watchers.Keys) watcher.Set();
        }

        Appended?.Invoke(session);
    }
}
