using System.Data;
using Bots.Engine.Storage;
using Dapper;

namespace Bots.Engine.Workspaces;

/// <summary>Prepared trees in the store.</summary>
public sealed class TreeStore(IStore store, TimeProvider clock)
{
    /// <summary>Records a tree that is about to be built.</summary>
    public Task<TreeId> Add(RepositoryName repository)
    {
        var id = TreeId.New();
        return store.Write(write =>
        {
            write.Db.Execute(
                "INSERT INTO trees (id, repository, state, built_at) VALUES (@id, @repository, 'building', @now)", new { id, repository, now = clock.GetUtcNow() });
            return id;
        });
    }

    public Task Ready(TreeId id, string commit, string setupHash) => store.Write(write => write.Db.Execute(
        "UPDATE trees SET state = 'ready', commit_id = @commit, setup_hash = @setupHash, built_at = @now WHERE id = @id",
        new { id, commit, setupHash, now = clock.GetUtcNow() }));

    /// <param name="commit">What failed, so that it is not tried again before something changed.</param>
    /// <param name="note">Why, in words people read.</param>
    public static void Failed(IWrite write, TreeId id, string commit, string setupHash, string note) => write.Db.Execute(
        "UPDATE trees SET state = 'failed', commit_id = @commit, setup_hash = @setupHash, note = @note WHERE id = @id", new { id, commit, setupHash, note });

    public Task Remove(TreeId id) => store.Write(write => write.Db.Execute("DELETE FROM trees WHERE id = @id", new { id }));

    /// <summary>What new workspaces start out as; null before the first one is ready.</summary>
    public static TreeRow? Current(IDbConnection db, RepositoryName repository) => db.QueryFirstOrDefault<TreeRow>(
        "SELECT * FROM trees WHERE repository = @repository AND state = 'ready' ORDER BY built_at DESC, id DESC LIMIT 1", new { repository });

    /// <summary>The last one that was tried; null when none was.</summary>
    public static TreeRow? Latest(IDbConnection db, RepositoryName repository) => db.QueryFirstOrDefault<TreeRow>(
        "SELECT * FROM trees WHERE repository = @repository AND state <> 'building' ORDER BY id DESC LIMIT 1", new { repository });

    /// <summary>Those no workspace uses and no new one will: older than the current one, failed before a later try, or left half-built.</summary>
    /// <param name="stale">What was begun before is not being built any more.</param>
    public static IReadOnlyList<TreeRow> Superseded(IDbConnection db, DateTimeOffset stale) => db.Query<TreeRow>(
        """
        SELECT * FROM trees t WHERE NOT EXISTS (SELECT 1 FROM workspaces w WHERE w.tree_id = t.id)
          AND (state = 'building' AND built_at < @stale
            OR state <> 'building' AND EXISTS (SELECT 1 FROM trees n WHERE n.repository = t.repository AND n.id > t.id AND (n.state = 'ready' OR n.state = t.state)))
        """,
        new { stale }).ToList();
}

/// <summary>A prepared tree's row.</summary>
public sealed record TreeRow
{
    public required TreeId Id { get; init; }

    public required RepositoryName Repository { get; init; }

    /// <summary>building, ready or failed.</summary>
    public required string State { get; init; }

    /// <summary>The commit of the default branch it was built from.</summary>
    public string? CommitId { get; init; }

    public string? SetupHash { get; init; }

    public string? Note { get; init; }

    public DateTimeOffset BuiltAt { get; init; }
}
