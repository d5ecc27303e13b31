using System.Data;
using Bots.Engine.Audit;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Engine.Workspaces;
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
    public async Task<string> Add(SandboxId sandbox, WorkspaceRow workspace, SandboxPurpose purpose, CancellationToken cancellation)
    {
        var token = SidecarTokens.New();
        var now = clock.GetUtcNow();
        await store.Write(write =>
        {
            write.Db.Execute(
                """
                INSERT INTO sandboxes (id, workspace_id, repository, session_id, purpose, state, registration_hash, registration_expires, started_at)
                VALUES (@sandbox, @Id, @Repository, @SessionId, @purpose, 'live', @hash, @expires, @now)
                """,
                new
                {
                    sandbox, workspace.Id, workspace.Repository, workspace.SessionId, purpose = purpose.ToString(),
                    hash = SidecarTokens.Hash(token), expires = now + RegistrationTime, now,
                });
            Audit(write, "started", Get(write.Db, sandbox)!);
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
        if (IsLive(write.Db, sandbox)) Audit(write, "stopped", Get(write.Db, sandbox)!);
        write.Db.Execute("UPDATE sandboxes SET state = 'stopped', token_hash = NULL, registration_hash = NULL WHERE id = @sandbox", new { sandbox });
        write.Db.Execute("DELETE FROM agent_inputs WHERE sandbox_id = @sandbox", new { sandbox });
    });

    public Task IdleSince(SandboxId sandbox, DateTimeOffset? since) =>
        store.Write(write => write.Db.Execute("UPDATE sandboxes SET idle_since = @since WHERE id = @sandbox", new { sandbox, since }));

    /// <returns>False when it is being stopped, or was.</returns>
    public Task<bool> TakeUp(SandboxId sandbox) =>
        store.Write(write => write.Db.Execute("UPDATE sandboxes SET idle_since = NULL WHERE id = @sandbox AND state = 'live'", new { sandbox }) == 1);

    /// <summary>Takes an idle sandbox out of reach.</summary>
    /// <param name="since">Since when it was seen to be idle.</param>
    /// <returns>False when somebody has taken it up since.</returns>
    public Task<bool> Retire(SandboxId sandbox, DateTimeOffset since) => store.Write(write =>
    {
        var retired = write.Db.Execute("UPDATE sandboxes SET state = 'stopped' WHERE id = @sandbox AND idle_since = @since AND state = 'live'", new { sandbox, since }) == 1;
        if (retired) Audit(write, "stopped", Get(write.Db, sandbox)!);
        return retired;
    });

    /// <summary>The session has no agent's conversation to take up.</summary>
    public Task Disown(SessionId session) => store.Write(write => write.Db.Execute("UPDATE sessions SET agent_session_id = NULL WHERE id = @session", new { session }));

    /// <summary>Hands a warm sandbox to a session: the oldest that fits, and never one sandbox twice.</summary>
    /// <returns>Null when none fits, or the session has a workspace or an agent's conversation already.</returns>
    public Task<SandboxRow?> Claim(SessionRow session, CancellationToken cancellation) => store.Write(write =>
    {
        if (session.AgentSessionId is not null || WorkspaceStore.Of(write.Db, session.Id) is not null) return null;
        var row = write.Db.QueryFirstOrDefault<SandboxRow>(
            """
            UPDATE sandboxes SET session_id = @Id, purpose = 'Session', idle_since = NULL
            WHERE id = (SELECT id FROM sandboxes WHERE repository = @Repository AND agent = @Agent AND model IS @Model
                AND purpose = 'Pool' AND state = 'live' AND agent_ready = 1 ORDER BY started_at LIMIT 1)
            RETURNING *
            """,
            session);
        if (row is null) return null;
        WorkspaceStore.Give(write, row.WorkspaceId, session.Id);
        write.Db.Execute("UPDATE sessions SET agent_session_id = @AgentSessionId WHERE id = @Id", new { row.AgentSessionId, session.Id });
        Audit(write, "claimed", row);
        return row;
    }, cancellation);

    /// <summary>Takes a warm sandbox out of reach.</summary>
    /// <returns>False when a session was faster.</returns>
    public Task<bool> Retire(SandboxId sandbox) => store.Write(write =>
    {
        var retired = write.Db.Execute("UPDATE sandboxes SET state = 'stopped' WHERE id = @sandbox AND purpose = 'Pool' AND state = 'live'", new { sandbox }) == 1;
        if (retired) Audit(write, "stopped", Get(write.Db, sandbox)!);
        return retired;
    });

    /// <summary>Those that wait for a session, newest first.</summary>
    public static IReadOnlyList<SandboxRow> Warm(IDbConnection db) =>
        db.Query<SandboxRow>("SELECT * FROM sandboxes WHERE purpose = 'Pool' AND state = 'live' ORDER BY started_at DESC").ToList();

    /// <summary>How many run, by what they do: <c>busy</c> and <c>idle</c> belong to sessions, <c>warm</c> ones wait for one, and <c>preparing</c> ones make a tree.</summary>
    internal static IReadOnlyList<(string State, long Count)> States(IDbConnection db)
    {
        var live = db.Query<(string Purpose, long IsIdle, long Count)>(
            "SELECT purpose, idle_since IS NOT NULL, COUNT(*) FROM sandboxes WHERE state = 'live' GROUP BY 1, 2").ToList();
        return
        [
            ("busy", live.Where(l => l is { Purpose: nameof(SandboxPurpose.Session), IsIdle: 0 }).Sum(l => l.Count)),
            ("idle", live.Where(l => l is { Purpose: nameof(SandboxPurpose.Session), IsIdle: 1 }).Sum(l => l.Count)),
            ("warm", live.Where(l => l.Purpose == nameof(SandboxPurpose.Pool)).Sum(l => l.Count)),
            ("preparing", live.Where(l => l.Purpose == nameof(SandboxPurpose.Tree)).Sum(l => l.Count)),
        ];
    }

    public static SandboxRow? LiveOf(IDbConnection db, SessionId session) => db.QueryFirstOrDefault<SandboxRow>(
        "SELECT * FROM sandboxes WHERE session_id = @session AND state = 'live' ORDER BY started_at DESC LIMIT 1", new { session });

    public static SandboxRow? Get(IDbConnection db, SandboxId sandbox) =>
        db.QueryFirstOrDefault<SandboxRow>("SELECT * FROM sandboxes WHERE id = @sandbox", new { sandbox });

    /// <summary>All there ever were on a workspace.</summary>
    public static IReadOnlySet<SandboxId> Of(IDbConnection db, WorkspaceId workspace) =>
        db.Query<SandboxId>("SELECT id FROM sandboxes WHERE workspace_id = @workspace", new { workspace }).ToHashSet();

    public static IReadOnlyList<SandboxRow> Live(IDbConnection db) => db.Query<SandboxRow>("SELECT * FROM sandboxes WHERE state = 'live'").ToList();

    private static bool IsLive(IDbConnection db, SandboxId sandbox) => db.QuerySingle<long>("SELECT COUNT(*) FROM sandboxes WHERE id = @sandbox AND state = 'live'", new { sandbox }) == 1;

    private void Audit(IWrite write, string happened, SandboxRow row) => AuditLog.Append(write, AuditEntry.Sandbox(clock.GetUtcNow(), happened, row));

    private static SandboxId? One(string? id) => id is null ? null : new SandboxId(id);
}

/// <summary>What a sandbox was started for.</summary>
public enum SandboxPurpose
{
    /// <summary>A session works in it.</summary>
    Session,

    /// <summary>It waits, warm, for a session that wants one.</summary>
    Pool,

    /// <summary>A tree is prepared in it.</summary>
    Tree,
}

/// <summary>A sandbox's row.</summary>
public sealed record SandboxRow
{
    public required SandboxId Id { get; init; }

    public required WorkspaceId WorkspaceId { get; init; }

    public required RepositoryName Repository { get; init; }

    /// <summary>Null while no session has it.</summary>
    public SessionId? SessionId { get; init; }

    public required SandboxPurpose Purpose { get; init; }

    /// <summary>The agent a warm sandbox has ready, with its model and its own id of the session it opened.</summary>
    public string? Agent { get; init; }

    public string? Model { get; init; }

    public string? AgentSessionId { get; init; }

    /// <summary>The agent's process; null before one was started.</summary>
    public string? AgentProcess { get; init; }

    /// <summary>True once the agent has a session and can be prompted.</summary>
    public bool AgentReady { get; init; }

    /// <summary>Null while it is in use.</summary>
    public DateTimeOffset? IdleSince { get; init; }

    public required DateTimeOffset StartedAt { get; init; }
}
