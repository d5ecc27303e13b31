using System.Data;
using Bots.Engine.Sandboxes;
using Bots.Engine.Storage;
using Dapper;

namespace Bots.Engine.Workspaces;

/// <summary>Which folders belong to whom. Folders on the disk without a row are nobody's, and go with the next round of the reaper.</summary>
public sealed class WorkspaceStore(IStore store, Snapshots snapshots, SandboxPaths paths, TimeProvider clock)
{
    /// <summary>The session's workspace, ready for use. A new one starts out as the repository's prepared tree, if there is one.</summary>
    public async Task<WorkspaceRow> For(SessionId session, RepositoryName repository, CancellationToken cancellation)
    {
        if (store.Read(db => Of(db, session)) is { } known)
        {
            if (await snapshots.Ready(known, cancellation)) return known;
            await Remove(known.Id);
        }

        var row = await store.Write(write => Add(write, repository, session, TreeStore.Current(write.Db, repository)?.Id), cancellation);
        Make(row.Id);
        return row;
    }

    /// <summary>A new workspace that no session has yet.</summary>
    /// <param name="empty">True to start out as nothing, whatever is prepared.</param>
    public async Task<WorkspaceRow> Spare(RepositoryName repository, bool empty, CancellationToken cancellation)
    {
        var row = await store.Write(write => Add(write, repository, null, empty ? null : TreeStore.Current(write.Db, repository)?.Id), cancellation);
        Make(row.Id);
        return row;
    }

    public async Task Remove(WorkspaceId workspace)
    {
        await store.Write(write => write.Db.Execute("DELETE FROM workspaces WHERE id = @workspace", new { workspace }));
        Folders.Delete(paths.Folder(workspace));
    }

    public static WorkspaceRow? Of(IDbConnection db, SessionId session) =>
        db.QueryFirstOrDefault<WorkspaceRow>("SELECT * FROM workspaces WHERE session_id = @session", new { session });

    public static WorkspaceRow? Get(IDbConnection db, WorkspaceId workspace) =>
        db.QueryFirstOrDefault<WorkspaceRow>("SELECT * FROM workspaces WHERE id = @workspace", new { workspace });

    /// <summary>Gives a spare workspace to a session that has none.</summary>
    public static void Give(IWrite write, WorkspaceId workspace, SessionId session) =>
        write.Db.Execute("UPDATE workspaces SET session_id = @session WHERE id = @workspace AND session_id IS NULL", new { workspace, session });

    private WorkspaceRow Add(IWrite write, RepositoryName repository, SessionId? session, TreeId? tree)
    {
        var row = new WorkspaceRow { Id = WorkspaceId.New(), Repository = repository, SessionId = session, TreeId = tree, CreatedAt = clock.GetUtcNow() };
        write.Db.Execute(
            "INSERT INTO workspaces (id, repository, session_id, tree_id, created_at) VALUES (@Id, @Repository, @SessionId, @TreeId, @CreatedAt)", row);
        return row;
    }

    private void Make(WorkspaceId workspace)
    {
        foreach (var folder in (string[])[paths.Workspace(workspace), paths.Home(workspace)]) Directory.CreateDirectory(folder);
    }
}

/// <summary>A workspace's row.</summary>
public sealed record WorkspaceRow
{
    public required WorkspaceId Id { get; init; }

    public required RepositoryName Repository { get; init; }

    /// <summary>Null while it is spare.</summary>
    public SessionId? SessionId { get; init; }

    /// <summary>What it started out as; it needs it for as long as it lives. Null when it was cloned.</summary>
    public TreeId? TreeId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
