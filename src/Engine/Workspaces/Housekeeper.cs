using System.Data;
using Bots.Engine.Sandboxes;
using Bots.Engine.Storage;
using Dapper;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Workspaces;

/// <summary>Puts away the workspaces nobody uses, and removes the folders, trees and snapshots nobody needs. Part of the reaper's round.</summary>
public sealed partial class Housekeeper(
    WorkspaceStore workspaces, Snapshots snapshots, TreeStore trees, IStore store, SandboxPaths paths, SandboxOptions options, TimeProvider clock, ILogger<Housekeeper> logger)
{
    /// <summary>What was begun longer ago than this, and is not in use, was left behind.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    private readonly HashSet<WorkspaceId> _told = [];

    public async Task Tidy(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var idle = now - options.IdleTimeout;
        foreach (var workspace in store.Read(db => Resting(db, idle))) await PutAway(workspace, idle, cancellation);
        foreach (var workspace in store.Read(db => Spare(db, now - Abandoned))) await workspaces.Remove(workspace);
        foreach (var workspace in await snapshots.Prune()) await workspaces.Remove(workspace);
        foreach (var tree in store.Read(db => TreeStore.Superseded(db, now - Abandoned)))
        {
            Folders.Delete(paths.Tree(tree.Id));
            await trees.Remove(tree.Id);
        }

        Sweep(Path.Combine(paths.DataDirectory, "workspaces"), "SELECT id FROM workspaces");
        Sweep(paths.Trees, "SELECT id FROM trees");
    }

    private async Task PutAway(WorkspaceRow workspace, DateTimeOffset idle, CancellationToken cancellation)
    {
        try
        {
            await snapshots.PutAway(workspace, () => store.Read(db => Resting(db, idle)).Any(resting => resting.Id == workspace.Id), cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It stays where it is, which is as good.
            if (_told.Add(workspace.Id)) NotPutAway(logger, workspace.SessionId, e);
        }
    }

    /// <summary>Workspaces of sessions in which nothing has happened since, without a sandbox and without a prompt that would need one.</summary>
    private static List<WorkspaceRow> Resting(IDbConnection db, DateTimeOffset since) => db.Query<WorkspaceRow>(
        """
        SELECT w.* FROM workspaces w JOIN sessions s ON s.id = w.session_id
        WHERE s.updated_at <= @since
          AND NOT EXISTS (SELECT 1 FROM sandboxes b WHERE b.workspace_id = w.id AND b.state = 'live')
          AND NOT EXISTS (SELECT 1 FROM prompts p WHERE p.session_id = w.session_id AND p.state IN ('Queued', 'Running'))
        """,
        new { since }).ToList();

    private static List<WorkspaceId> Spare(IDbConnection db, DateTimeOffset begun) => db.Query<WorkspaceId>(
        """
        SELECT id FROM workspaces w WHERE session_id IS NULL AND created_at <= @begun
          AND NOT EXISTS (SELECT 1 FROM sandboxes b WHERE b.workspace_id = w.id AND b.state = 'live')
        """,
        new { begun }).ToList();

    /// <summary>Removes the folders in there that no row knows; those without a name of their own are unfinished work.</summary>
    private void Sweep(string directory, string known)
    {
        if (!Directory.Exists(directory)) return;
        var abandoned = clock.GetUtcNow() - Abandoned;
        var folders = Directory.GetDirectories(directory).Where(folder => Directory.GetLastWriteTimeUtc(folder) < abandoned.UtcDateTime).ToList();
        if (folders.Count == 0) return;
        var ids = store.Read(db => db.Query<string>(known).ToHashSet(StringComparer.Ordinal));
        foreach (var folder in folders.Where(folder => !ids.Contains(Path.GetFileName(folder)))) Folders.Delete(folder);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The workspace of {Session} could not be put away; it stays where it is")]
    private static partial void NotPutAway(ILogger logger, SessionId? session, Exception e);
}
