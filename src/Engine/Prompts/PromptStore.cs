using System.Data;
using Bots.Engine.Audit;
using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Engine.Telemetry;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Bots.Engine.Prompts;

/// <summary>The queue of prompts. States change only through <see cref="Move"/>.</summary>
public sealed class PromptStore(SchedulerOptions options, SessionLog log, EngineMetrics metrics, TimeProvider clock)
{
    /// <summary>Set when something may have become runnable.</summary>
    internal Signal Changed { get; } = new();

    /// <summary>Why no more prompts are taken, in words people read; null when there is room.</summary>
    public string? Refusal(IDbConnection db, SessionId? session)
    {
        if (Count(db, "state = 'Queued'", null) >= options.MaxQueued)
        {
            return $"I have {options.MaxQueued} requests waiting and can't take more right now. Please try again later.";
        }

        return session is { } id && Count(db, "state = 'Queued' AND session_id = @session", id) >= options.MaxPerSession
            ? $"There are already {options.MaxPerSession} requests waiting here. Please wait for some of them, or stop the running one."
            : null;
    }

    /// <summary>Queues a prompt behind what waits in its session and, when all places are taken, behind everybody's.</summary>
    /// <param name="trace">The traceparent with which its turn goes on; null where nobody traces.</param>
    public PromptId Enqueue(IWrite write, SessionId session, Inbound.PromptRequest request, string? trace = null)
    {
        var prompt = PromptId.New();
        write.Db.Execute(
            """
            INSERT INTO prompts (id, position, session_id, author, author_key, text, material, state, created_at, trace)
            VALUES (@prompt, (SELECT COALESCE(MAX(position), 0) + 1 FROM prompts), @session, @Author, @authorKey, @Text, @Material, 'Queued', @now, @trace)
            """,
            new
            {
                prompt, session, request.Author, authorKey = $"{request.Author.Surface}:{request.Author.Id}",
                request.Text, request.Material, now = clock.GetUtcNow(), trace,
            });
        AuditLog.Append(write, AuditEntry.PromptAccepted(clock.GetUtcNow(), session, prompt, request));
        log.Append(write, session, new SessionEvent.PromptQueued(prompt, request.Author, request.Text, Ahead(write.Db, session, prompt), request.Conversation, request.Message));
        write.AfterCommit(Changed.Set);
        return prompt;
    }

    /// <summary>Changes a prompt's state if it still is in <paramref name="from"/>.</summary>
    /// <returns>False when it was not: somebody else was faster.</returns>
    /// <exception cref="SqliteException">There is no such transition: <c>0010_transitions.sql</c> has the table.</exception>
    public bool Move(IWrite write, PromptRow prompt, PromptState from, PromptState to, string? cause = null)
    {
        var now = clock.GetUtcNow();
        var moved = write.Db.Execute(
            "UPDATE prompts SET state = @to, started_at = COALESCE(started_at, @started) WHERE id = @Id AND state = @from",
            new { prompt.Id, from = from.ToString(), to = to.ToString(), started = to == PromptState.Running ? now : (DateTimeOffset?)null }) == 1;
        if (!moved) return false;
        if (to != PromptState.Running) AuditLog.Append(write, AuditEntry.PromptFinished(now, prompt, to, ModelTotals.Take(write, prompt.Id)));
        log.Append(write, prompt.SessionId, to == PromptState.Running
            ? new SessionEvent.PromptStarted(prompt.Id)
            : new SessionEvent.PromptFinished(prompt.Id, to, cause));
        write.AfterCommit(() => Measure(prompt, from, to, now));
        write.AfterCommit(Changed.Set);
        return true;
    }

    /// <summary>The next prompt that may run now; null when none may.</summary>
    public PromptRow? NextRunnable(IDbConnection db)
    {
        if (Count(db, "state = 'Running'", null) >= options.MaxConcurrent) return null;
        return db.QueryFirstOrDefault<PromptRow>(
            """
            SELECT p.* FROM prompts p JOIN sessions s ON s.id = p.session_id
            WHERE p.state = 'Queued' AND s.repository IS NOT NULL
              AND NOT EXISTS (
                SELECT 1 FROM prompts q WHERE q.session_id = p.session_id AND q.id <> p.id
                  AND (q.state = 'Running' OR (q.state = 'Queued' AND q.position < p.position)))
              AND (SELECT COUNT(*) FROM prompts u WHERE u.state = 'Running' AND u.author_key = p.author_key) < @MaxPerUser
            ORDER BY p.priority DESC, p.position LIMIT 1
            """,
            new { options.MaxPerUser });
    }

    public static IReadOnlyList<PromptRow> Running(IDbConnection db) =>
        db.Query<PromptRow>("SELECT * FROM prompts WHERE state = 'Running' ORDER BY position").ToList();

    public static int? Waiting(IDbConnection db) => Count(db, "state = 'Queued'", null);

    /// <summary>How many wait, and how many run.</summary>
    internal static IReadOnlyList<(PromptState State, long Count)> Open(IDbConnection db) =>
    [
        (PromptState.Queued, Count(db, "state = 'Queued'", null)),
        (PromptState.Running, Count(db, "state = 'Running'", null)),
    ];

    /// <summary>The traceparent with which a prompt goes on; null where nobody traced.</summary>
    internal static string? Trace(IDbConnection db, PromptId prompt) =>
        db.QueryFirstOrDefault<string?>("SELECT trace FROM prompts WHERE id = @prompt", new { prompt });

    public static PromptRow? Get(IDbConnection db, PromptId prompt) =>
        db.QueryFirstOrDefault<PromptRow>("SELECT * FROM prompts WHERE id = @id", new { id = prompt });

    public static PromptRow? RunningIn(IDbConnection db, SessionId session) =>
        db.QueryFirstOrDefault<PromptRow>("SELECT * FROM prompts WHERE session_id = @id AND state = 'Running'", new { id = session });

    /// <summary>Called after each commit that asked to stop a session's running prompt.</summary>
    internal event Action<SessionId>? StopAsked;

    /// <summary>Takes a waiting prompt out of the queue, or asks the running turn to stop.</summary>
    /// <returns>False when it is over or stopping already.</returns>
    public bool Stop(IWrite write, PromptRow prompt, Person by)
    {
        var marked = write.Db.Execute(
            "UPDATE prompts SET stopped_by = @by WHERE id = @Id AND stopped_by IS NULL AND state IN ('Queued', 'Running')", new { prompt.Id, by }) == 1;
        if (!marked) return false;
        log.Append(write, prompt.SessionId, new SessionEvent.StopAsked(prompt.Id, by));
        if (!Move(write, prompt, PromptState.Queued, PromptState.Cancelled, "Stopped before it began."))
        {
            write.AfterCommit(() => StopAsked?.Invoke(prompt.SessionId));
        }

        return true;
    }

    /// <summary>What a session's agent was given already: the requesters' words and the material around them.</summary>
    public static IReadOnlyList<(string Author, string Text)> Given(IDbConnection db, SessionId session) =>
        db.Query<PromptRow>("SELECT * FROM prompts WHERE session_id = @session", new { session })
            .SelectMany(p => p.Material.Select(m => (m.Author, m.Text)).Append((p.Author.Name, p.Text))).ToList();

    private void Measure(PromptRow prompt, PromptState from, PromptState to, DateTimeOffset now)
    {
        if (to == PromptState.Running)
        {
            metrics.Started(now - prompt.CreatedAt);
            Spans.Past("queue", prompt.Trace, prompt.CreatedAt, now, (SpanTags.Session, prompt.SessionId.Value), (SpanTags.Prompt, prompt.Id.Value));
        }
        else if (from == PromptState.Running)
        {
            metrics.Finished(now - (prompt.StartedAt ?? now), to);
        }
    }

    private int Ahead(IDbConnection db, SessionId session, PromptId prompt)
    {
        var inSession = Count(db, $"state IN ('Queued', 'Running') AND session_id = @session AND id <> '{prompt.Value}'", session);
        if (inSession > 0) return inSession;
        return Count(db, "state = 'Running'", null) >= options.MaxConcurrent
            ? Count(db, $"state = 'Queued' AND id <> '{prompt.Value}'", null) + 1
            : 0;
    }

    private static int Count(IDbConnection db, string where, SessionId? session) =>
        (int)db.QuerySingle<long>($"SELECT COUNT(*) FROM prompts WHERE {where}", new { session });
}
