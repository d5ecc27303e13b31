using System.Data;
using Bots.Engine.Agents;
using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Dapper;

namespace Bots.Engine.Permissions;

/// <summary>Permission requests that people were asked. Each is decided at most once; the first valid decision wins everywhere.</summary>
public sealed class PermissionStore(PermissionsOptions options, SessionLog log, TimeProvider clock)
{
    /// <summary>Called after each commit that decided something in a session.</summary>
    internal event Action<SessionId>? Decided;

    /// <summary>Set when there is a new request, so that its expiry is watched.</summary>
    internal Signal Asked { get; } = new();

    /// <summary>Asks people for the agent.</summary>
    /// <param name="requestId">The agent's JSON-RPC id, as JSON.</param>
    public void Ask(IWrite write, SessionId session, PromptId prompt, string requestId, ToolCall call, IReadOnlyList<PermissionOption> choices) =>
        Ask(write, session, prompt, PermissionSource.Agent, requestId, call, choices, null);

    /// <summary>Asks people for a call that waits in the gateway: see <see cref="Decision"/>. The agent hears nothing of the answer.</summary>
    /// <param name="subject">The gateway's own name for what is asked, to find the request again when the call comes anew.</param>
    /// <param name="words">Null asks in the words of a tool call.</param>
    public PermissionId AskForGateway(IWrite write, SessionId session, PromptId prompt, string subject, ToolCall call, PermissionWords? words = null) =>
        Ask(write, session, prompt, PermissionSource.Gateway, subject, call, [], words);

    /// <summary>The gateway's latest request of this subject for a prompt, open or decided; null when there was none.</summary>
    public static PermissionRow? OfGateway(IDbConnection db, PromptId prompt, string subject) => db.QueryFirstOrDefault<PermissionRow>(
        "SELECT * FROM permission_requests WHERE prompt_id = @prompt AND source = 'gateway' AND request_id = @subject ORDER BY expires_at DESC, id DESC LIMIT 1",
        new { prompt, subject });

    /// <summary>Waits until a request is decided: by people, by the clock, or by the turn's end.</summary>
    public async Task<PermissionRow> Decision(IStore store, PermissionId id, CancellationToken cancellation)
    {
        var woken = new Signal();
        void Wake(SessionId session) => woken.Set();
        Decided += Wake;
        try
        {
            while (true)
            {
                var row = store.Read(db => Get(db, id)) ?? throw new InvalidOperationException($"There is no permission request {id}.");
                if (row.State != "pending") return row;
                await woken.Wait(null, clock, cancellation);
            }
        }
        finally
        {
            Decided -= Wake;
        }
    }

    /// <summary>Decides one request if it is still open.</summary>
    /// <param name="by">Null when a rule decided.</param>
    /// <returns>False when it was not open any more.</returns>
    public bool Decide(IWrite write, PermissionRow request, PermissionDecision decision, Person? by, string? rule, string? reason)
    {
        var state = decision == PermissionDecision.Deny ? "denied" : "allowed";
        var decided = write.Db.Execute(
            "UPDATE permission_requests SET state = @state, reason = @reason, decided_by = @by WHERE id = @Id AND state = 'pending'",
            new { request.Id, state, reason, by }) == 1;
        if (!decided) return false;
        if (decision == PermissionDecision.AllowSession) Grant(write, request);
        log.Append(write, request.SessionId, new SessionEvent.PermissionDecided(request.Id, request.PromptId, decision, by, rule, reason));
        write.AfterCommit(() => Decided?.Invoke(request.SessionId));
        return true;
    }

    /// <summary>Denies what nobody answered in time.</summary>
    public Task Expire(IStore store) => store.Write(write =>
    {
        var late = write.Db.Query<PermissionRow>(
            "SELECT * FROM permission_requests WHERE state = 'pending' AND expires_at <= @now", new { now = clock.GetUtcNow() }).ToList();
        foreach (var request in late)
        {
            Decide(write, request, PermissionDecision.Deny, null, "expired", "Nobody answered in time.");
        }
    });

    /// <summary>When the next open request expires; null when none is open.</summary>
    public static DateTimeOffset? NextExpiry(IDbConnection db) =>
        db.QueryFirst<long?>("SELECT MIN(expires_at) FROM permission_requests WHERE state = 'pending'") is { } at
            ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    public static PermissionRow? Get(IDbConnection db, PermissionId id) =>
        db.QueryFirstOrDefault<PermissionRow>("SELECT * FROM permission_requests WHERE id = @id", new { id });

    public static IReadOnlyList<PermissionRow> Open(IDbConnection db, SessionId session) =>
        db.Query<PermissionRow>("SELECT * FROM permission_requests WHERE session_id = @session AND state = 'pending'", new { session }).ToList();

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

    private PermissionId Ask(
        IWrite write, SessionId session, PromptId prompt, PermissionSource source, string requestId, ToolCall call, IReadOnlyList<PermissionOption> choices, PermissionWords? words)
    {
        var id = PermissionId.New();
        var expires = clock.GetUtcNow() + options.Timeout;
        // Nothing is owed to the agent for what the gateway asks.
        var answered = source == PermissionSource.Gateway;
        write.Db.Execute(
            """
            INSERT INTO permission_requests (id, session_id, prompt_id, source, request_id, call, options, state, expires_at, answered, told)
            VALUES (@id, @session, @prompt, @source, @requestId, @call, @choices, 'pending', @expires, @answered, @answered)
            """,
            new { id, session, prompt, source = source == PermissionSource.Gateway ? "gateway" : "agent", requestId, call, choices, expires, answered });
        log.Append(write, session, new SessionEvent.PermissionAsked(id, prompt, call, expires, words));
        write.AfterCommit(Asked.Set);
        return id;
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

    /// <summary>The agent's JSON-RPC id, as JSON; or the gateway's own name for what it asks.</summary>
    public required string RequestId { get; init; }

    /// <summary>Who waits for the answer: agent or gateway.</summary>
    public string Source { get; init; } = "agent";

    public required ToolCall Call { get; init; }

    public required IReadOnlyList<PermissionOption> Options { get; init; }

    /// <summary>pending, allowed or denied.</summary>
    public required string State { get; init; }

    public string? Reason { get; init; }

    public Person? DecidedBy { get; init; }
}

/// <summary>Who waits for the answer to a permission request.</summary>
public enum PermissionSource
{
    /// <summary>The agent, for one of its tool calls.</summary>
    Agent,

    /// <summary>A call that is held in the gateway.</summary>
    Gateway,
}
