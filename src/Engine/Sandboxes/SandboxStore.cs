using System.Data;
using Bots.Engine.Audit;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Sandbox;
using Bots.Sandbox.Sidecars;
using Dapper;

namespace Bots.Engine.Sandboxes;

/// <summary>Sandboxes in the store, with the hashes of their tokens.</summary>
public sealed class SandboxStore(IStore store, TimeProvider clock) : ISidecarRegistry
{
    private static readonly TimeSpan RegistrationTime = TimeSpan.FromMinutes(5);

    /// <summary>Records a sandbox that is about to be started.</summary>
    /// <returns>Its registration token: 256 random bits, single use, good for five minutes.</returns>
    public async Task<string> Add(SandboxId sandbox, SessionId session, CancellationToken cancellation)
    {
        var token = SidecarTokens.New();
        var now = clock.GetUtcNow();
        await store.Write(write =>
        {
            write.Db.Execute(
                """
                INSERT INTO sandboxes (id, session_id, state, registration_hash, registration_expires, started_at)
                VALUES (@sandbox, @session, 'live', @hash, @expires, @now)
                """,
                new { sandbox, session, hash = SidecarTokens.Hash(token), expires = now + RegistrationTime, now });
            AuditLog.Append(write, AuditEntry.SandboxStarted(now, session, sandbox));
        }, cancellation);
        return token;
    }

    public Task<SandboxId?> Redeem(string registrationTokenHash, string sessionTokenHash, CancellationToken cancellation) =>
        store.Write(write => One(write.Db.QueryFirstOrDefault<string>(
            """
            UPDATE sandboxes SET registration_hash = NULL, token_hash = @sessionTokenHash
            WHERE registration_hash = @registrationTokenHash AND state = 'live' AND registration_expires > @now RETURNING id
            """,
            new { registrationTokenHash, sessionTokenHash, now = clock.GetUtcNow() })), cancellation);

    public Task<SandboxId?> Find(string sessionTokenHash, CancellationToken cancellation) =>
        Task.FromResult(store.Read(db => One(db.QueryFirstOrDefault<string>(
            "SELECT id FROM sandboxes WHERE token_hash = @sessionTokenHash AND state = 'live'", new { sessionTokenHash }))));

    /// <summary>Its tokens are worth nothing from now on.</summary>
    public Task Stopped(SandboxId sandbox) => store.Write(write =>
    {
        var session = write.Db.QueryFirstOrDefault<string>(
            "UPDATE sandboxes SET state = 'stopped', token_hash = NULL, registration_hash = NULL WHERE id = @sandbox AND state = 'live' RETURNING session_id", new { sandbox });
        if (session is not null) AuditLog.Append(write, AuditEntry.SandboxStopped(clock.GetUtcNow(), new SessionId(session), sandbox));
        write.Db.Execute("DELETE FROM agent_inputs WHERE sandbox_id = @sandbox", new { sandbox });
    });

    public Task IdleSince(SandboxId sandbox, DateTimeOffset? since) =>
        store.Write(write => write.Db.Execute("UPDATE sandboxes SET idle_since = @since WHERE id = @sandbox", new { sandbox, since }));

    public static SandboxRow? LiveOf(IDbConnection db, SessionId session) => db.QueryFirstOrDefault<SandboxRow>(
        "SELECT * FROM sandboxes WHERE session_id = @session AND state = 'live' ORDER BY started_at DESC LIMIT 1", new { session });

    public static SandboxRow? Get(IDbConnection db, SandboxId sandbox) =>
        db.QueryFirstOrDefault<SandboxRow>("SELECT * FROM sandboxes WHERE id = @sandbox", new { sandbox });

    public static IReadOnlyList<SandboxRow> Live(IDbConnection db) => db.Query<SandboxRow>("SELECT * FROM sandboxes WHERE state = 'live'").ToList();

    private static SandboxId? One(string? id) => id is null ? null : new SandboxId(id);
}

/// <summary>A sandbox's row.</summary>
public sealed record SandboxRow
{
    public required SandboxId Id { get; init; }

    public required SessionId SessionId { get; init; }

    /// <summary>The agent's process; null before one was started.</summary>
    public string? AgentProcess { get; init; }

    /// <summary>True once the agent has a session and can be prompted.</summary>
    public bool AgentReady { get; init; }

    /// <summary>Null while it is in use.</summary>
    public DateTimeOffset? IdleSince { get; init; }

    public required DateTimeOffset StartedAt { get; init; }
}
