using System.Data;
using Bots.Engine.Agents;
using Bots.Engine.Audit;
using Bots.Engine.Gateway;
using Bots.Engine.Intake;
using Bots.Engine.Prompts;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Engine.Telemetry;
using Dapper;

namespace Bots.Engine.Permissions;

/// <summary>Permission requests that people were asked. Each is decided at most once; the first valid decision wins everywhere.</summary>
public sealed class PermissionStore(PermissionsOptions options, SessionLog log, EngineMetrics metrics, TurnTraces turns, TimeProvider clock)
{
    private const string Expired = "expired";

    /// <summary>Called after each commit that decided something in a session.</summary>
    internal event Action<SessionId>? Decided;

    /// <summary>Set when there is a new request, so that its expiry is watched.</summary>
    internal Signal Asked { get; } = new();

    /// <summary>Asks people for the agent.</summary>
    /// <param name="requestId">The agent's JSON-RPC id, as JSON.</param>
    public void Ask(IWrite write, SessionId session, PromptId prompt, string requestId, ToolCall call, IReadOnlyList<PermissionOption> choices) =>
        Ask(write, session, prompt, requestId, call, choices, Asker.Agent);

    /// <summary>Asks people for the gateway, where a connection waits for the answer; the agent is told nothing of it.</summary>
    public void AskToConnect(IWrite write, SessionId session, PromptId prompt, EgressTarget target) =>
        Ask(write, session, prompt, "", new ToolCall { Id = $"connect:{target}", Kind = "connect", Title = $"Connect to {target}" }, [], new Asker("gateway", target.ToString(), null));

    /// <summary>Asks people for the gateway, where a call waits for the answer; the agent is told nothing of it.</summary>
    /// <param name="subject">The gateway's own name for what is asked, to find the request again when the call comes anew: <see cref="OfGateway"/>.</param>
    public PermissionId AskInWords(IWrite write, SessionId session, PromptId prompt, string subject, ToolCall call, PermissionWords words) =>
        Ask(write, session, prompt, subject, call, [], new Asker("gateway", null, words));

    /// <summary>The gateway's latest request of this subject for a prompt, open or decided; null when there was none.</summary>
    public static PermissionRow? OfGateway(IDbConnection db, PromptId prompt, string subject) => db.QueryFirstOrDefault<PermissionRow>(
        "SELECT * FROM permission_requests WHERE prompt_id = @prompt AND source = 'gateway' AND request_id = @subject ORDER BY expires_at DESC, id DESC LIMIT 1",
        new { prompt, subject });

    private PermissionId Ask(IWrite write, SessionId session, PromptId prompt, string requestId, ToolCall call, IReadOnlyList<PermissionOption> choices, Asker asker)
    {
        var id = Add(write, session, prompt, requestId, call, choices, asker, clock.GetUtcNow() + options.Timeout);
        write.AfterCommit(Asked.Set);
        return id;
    }

    /// <summary>
    /// Denies by a rule: people see what was tried and by which rule it was denied, and the agent is told so at the end of its turn. The same
    /// again within a prompt is denied without more words, so that an agent that does not give up ends all the same.
    /// </summary>
    /// <param name="rule">In words people read.</param>
    public void Refuse(IWrite write, SessionId session, PromptId prompt, string requestId, ToolCall call, IReadOnlyList<PermissionOption> choices, string rule)
    {
        var subject = PermissionPolicy.Subject(call);
        var denied = write.Db.Query<PermissionRow>("SELECT * FROM permission_requests WHERE prompt_id = @prompt AND state = 'denied' AND reason = @rule", new { prompt, rule });
        if (denied.Any(row => PermissionPolicy.Subject(row.Call) == subject))
        {
            Ruled(write, PermissionId.New(), session, prompt, call, PermissionDecision.Deny, rule);
            return;
        }

        var id = Add(write, session, prompt, requestId, call, choices, Asker.Agent, clock.GetUtcNow());
        write.Db.Execute("UPDATE permission_requests SET state = 'denied', reason = @rule, answered = 1 WHERE id = @id", new { id, rule });
        Ruled(write, id, session, prompt, call, PermissionDecision.Deny, rule);
    }

    /// <summary>Decides one request if it is still open.</summary>
    /// <param name="by">Null when a rule decided.</param>
    /// <returns>False when it was not open any more.</returns>
    public bool Decide(IWrite write, PermissionRow request, PermissionDecision decision, Person? by, string? rule, string? reason)
    {
        var state = decision == PermissionDecision.Deny ? "denied" : "allowed";
        var decided = write.Db.Execute(
            "UPDATE permission_requests SET state = @state, reason = @reason, decided_by = @by, for_session = @forSession WHERE id = @Id AND state = 'pending'",
            new { request.Id, state, reason, by, forSession = decision == PermissionDecision.AllowSession }) == 1;
        if (!decided) return false;
        if (decision == PermissionDecision.AllowSession && request.Source == "agent") Grant(write, request);
        AuditLog.Append(write, AuditEntry.PermissionDecided(clock.GetUtcNow(), request.SessionId, request.PromptId, request.Id, request.Call, decision, by, rule, reason));
        log.Append(write, request.SessionId, new SessionEvent.PermissionDecided(request.Id, request.PromptId, decision, by, rule, reason));
        Measure(write, request, decision, by, rule);
        write.AfterCommit(() => Decided?.Invoke(request.SessionId));
        return true;
    }

    /// <summary>Allows by a rule: nobody is asked.</summary>
    /// <param name="rule">In words people read.</param>
    public void Allow(IWrite write, SessionId session, PromptId prompt, ToolCall call, string rule) =>
        Ruled(write, PermissionId.New(), session, prompt, call, PermissionDecision.AllowOnce, rule);

    /// <summary>Denies what nobody answered in time.</summary>
    public Task Expire(IStore store) => store.Write(write =>
    {
        var late = write.Db.Query<PermissionRow>(
            "SELECT * FROM permission_requests WHERE state = 'pending' AND expires_at <= @now", new { now = clock.GetUtcNow() }).ToList();
        foreach (var request in late)
        {
            Decide(write, request, PermissionDecision.Deny, null, Expired, "Nobody answered in time.");
        }
    });

    /// <summary>When the next open request expires; null when none is open.</summary>
    public static DateTimeOffset? NextExpiry(IDbConnection db) =>
        db.QueryFirst<long?>("SELECT MIN(expires_at) FROM permission_requests WHERE state = 'pending'") is { } at
            ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    /// <summary>How many people have been asked and not answered.</summary>
    internal static long Pending(IDbConnection db) => db.QuerySingle<long>("SELECT COUNT(*) FROM permission_requests WHERE state = 'pending'");

    public static PermissionRow? Get(IDbConnection db, PermissionId id) =>
        db.QueryFirstOrDefault<PermissionRow>("SELECT * FROM permission_requests WHERE id = @id", new { id });

    public static IReadOnlyList<PermissionRow> Open(IDbConnection db, SessionId session) =>
        db.Query<PermissionRow>("SELECT * FROM permission_requests WHERE session_id = @session AND state = 'pending'", new { session }).ToList();

    /// <summary>What people were asked about one target of a session's connections: all that holds for the session, and this prompt's.</summary>
    public static IReadOnlyList<PermissionRow> OfTarget(IDbConnection db, SessionId session, PromptId prompt, EgressTarget target) =>
        db.Query<PermissionRow>(
            "SELECT * FROM permission_requests WHERE session_id = @session AND target = @target AND (prompt_id = @prompt OR for_session = 1)",
            new { session, prompt, target = target.ToString() }).ToList();

    /// <summary>How many targets a prompt's connections asked for.</summary>
    public static int Targets(IDbConnection db, SessionId session, PromptId prompt) => (int)db.QuerySingle<long>(
        "SELECT COUNT(*) FROM permission_requests WHERE session_id = @session AND prompt_id = @prompt AND target IS NOT NULL", new { session, prompt });

    /// <summary>Decided, but the agent has not been answered.</summary>
    public static IReadOnlyList<PermissionRow> Unanswered(IDbConnection db, SessionId session) =>
        db.Query<PermissionRow>("SELECT * FROM permission_requests WHERE session_id = @session AND state <> 'pending' AND answered = 0", new { session }).ToList();

    /// <summary>Forgets to whom answers were owed: their agent is gone.</summary>
    public void Abandon(IWrite write, SessionId session, string why)
    {
        foreach (var request in Open(write.Db, session)) Decide(write, request, PermissionDecision.Deny, null, why, null);
        write.Db.Execute("UPDATE permission_requests SET answered = 1, told = 1 WHERE session_id = @session", new { session });
    }

    public static IReadOnlySet<string> Grants(IDbConnection db, SessionId session) =>
        db.Query<string>("SELECT subject FROM session_grants WHERE session_id = @session", new { session }).ToHashSet(StringComparer.Ordinal);

    private PermissionId Add(
        IWrite write, SessionId session, PromptId prompt, string requestId, ToolCall call, IReadOnlyList<PermissionOption> choices, Asker asker, DateTimeOffset expires)
    {
        var id = PermissionId.New();
        write.Db.Execute(
            """
            INSERT INTO permission_requests (id, session_id, prompt_id, source, request_id, call, options, state, asked_at, expires_at, target, answered, told)
            VALUES (@id, @session, @prompt, @Source, @requestId, @call, @choices, 'pending', @now, @expires, @Target, @isOurs, @isOurs)
            """,
            new { id, session, prompt, asker.Source, requestId, call, choices, now = clock.GetUtcNow(), expires, asker.Target, isOurs = asker != Asker.Agent });
        log.Append(write, session, new SessionEvent.PermissionAsked(id, prompt, call, expires, asker.Words));
        return id;
    }

    private void Ruled(IWrite write, PermissionId id, SessionId session, PromptId prompt, ToolCall call, PermissionDecision decision, string rule)
    {
        AuditLog.Append(write, AuditEntry.PermissionDecided(clock.GetUtcNow(), session, prompt, id, call, decision, null, rule, null));
        log.Append(write, session, new SessionEvent.PermissionDecided(id, prompt, decision, null, rule, null));
        write.AfterCommit(() => metrics.Decided(decision, "rule", null));
    }

    private void Measure(IWrite write, PermissionRow request, PermissionDecision decision, Person? by, string? rule)
    {
        var (now, asked) = (clock.GetUtcNow(), request.AskedAt);
        var who = by is not null ? "person" : rule == Expired ? "expired" : "other";
        var trace = Spans.AreHeard ? turns.Of(request.SessionId) ?? PromptStore.Trace(write.Db, request.PromptId) : null;
        write.AfterCommit(() =>
        {
            metrics.Decided(decision, who, now - asked);
            Spans.Past("permission", trace, asked ?? now, now,
                (SpanTags.Session, request.SessionId.Value), (SpanTags.Prompt, request.PromptId.Value), (SpanTags.Permission, request.Id.Value),
                (SpanTags.Kind, request.Source), (SpanTags.Outcome, decision.ToString()));
        });
    }

    /// <param name="Source">agent or gateway.</param>
    private sealed record Asker(string Source, string? Target, PermissionWords? Words)
    {
        public static readonly Asker Agent = new("agent", null, null);
    }

    private static void Grant(IWrite write, PermissionRow request) => write.Db.Execute(
        "INSERT INTO session_grants (session_id, subject) VALUES (@SessionId, @subject) ON CONFLICT DO NOTHING",
        new { request.SessionId, subject = PermissionPolicy.Subject(request.Call) });
}

/// <summary>A permission request's row.</summary>
public sealed record PermissionRow
{
    public required PermissionId Id { get; init; }

    public required SessionId SessionId { get; init; }

    public required PromptId PromptId { get; init; }

    /// <summary>The agent's JSON-RPC id, as JSON; or the gateway's own name for what it asks, empty for a connection.</summary>
    public required string RequestId { get; init; }

    /// <summary>Who waits for the answer: agent or gateway.</summary>
    public string Source { get; init; } = "agent";

    public required ToolCall Call { get; init; }

    public required IReadOnlyList<PermissionOption> Options { get; init; }

    /// <summary>pending, allowed or denied.</summary>
    public required string State { get; init; }

    public string? Reason { get; init; }

    /// <summary>Null in rows of an earlier version.</summary>
    public DateTimeOffset? AskedAt { get; init; }

    public Person? DecidedBy { get; init; }

    /// <summary>Where a connection waits to go (<c>host:port</c>), when the gateway asks; null when the agent does.</summary>
    public string? Target { get; init; }

    /// <summary>True when the answer holds for the whole session.</summary>
    public bool ForSession { get; init; }
}
