using System.Data;
using Bots.Engine.Storage;
using Dapper;

namespace Bots.Engine.Retention;

/// <summary>Takes sessions away that nobody will go on with.</summary>
internal static class RemovedSessions
{
    /// <summary>Everything of a session but its row and its events, children before what they are found by.</summary>
    private static readonly string[] Parts =
    [
        "DELETE FROM surface_messages WHERE (surface, conversation) IN (SELECT surface, key FROM conversations WHERE session_id = @session)",
        "DELETE FROM notices WHERE (surface, conversation) IN (SELECT surface, key FROM conversations WHERE session_id = @session)",
        "DELETE FROM budget_extensions WHERE permission_id IN (SELECT id FROM permission_requests WHERE session_id = @session)",
        "DELETE FROM audit_models WHERE prompt_id IN (SELECT id FROM prompts WHERE session_id = @session)",
        "DELETE FROM permission_requests WHERE session_id = @session",
        "DELETE FROM session_grants WHERE session_id = @session",
        "DELETE FROM prompts WHERE session_id = @session",
        "DELETE FROM conversations WHERE session_id = @session",
        "DELETE FROM spending WHERE budget = 'session:' || @session",
    ];

    /// <summary>
    /// Sessions in which nothing happened since, with nothing that runs, waits or is kept to be taken up again. A prompt whose
    /// repository nobody ever chose waits for nobody any more.
    /// </summary>
    public static IReadOnlyList<string> Due(IDbConnection db, DateTimeOffset before, int limit) => db.Query<string>(
        """
        SELECT s.id FROM sessions s WHERE s.updated_at < @before
          AND NOT EXISTS (SELECT 1 FROM prompts p WHERE p.session_id = s.id AND (p.state = 'Running' OR (p.state = 'Queued' AND s.repository IS NOT NULL)))
          AND NOT EXISTS (SELECT 1 FROM sandboxes b WHERE b.session_id = s.id AND b.state = 'live')
          AND NOT EXISTS (SELECT 1 FROM workspaces w WHERE w.session_id = s.id)
        LIMIT @limit
        """,
        new { before, limit }).ToList();

    /// <summary>From here on nobody finds it: what is said in its conversations begins a new one. Its events follow.</summary>
    public static void Remove(IWrite write, string session)
    {
        write.Db.Execute("INSERT INTO removed_sessions (session_id) VALUES (@session)", new { session });
        foreach (var part in Parts) write.Db.Execute(part, new { session });
        write.Db.Execute("DELETE FROM sessions WHERE id = @session", new { session });
    }

    /// <summary>Sessions of which there are still events.</summary>
    public static IReadOnlyList<string> Left(IDbConnection db) => db.Query<string>("SELECT session_id FROM removed_sessions LIMIT 1").ToList();

    /// <returns>How many events it removed, of one session.</returns>
    public static int RemoveEvents(IWrite write, int limit)
    {
        var session = write.Db.QuerySingle<string>("SELECT session_id FROM removed_sessions LIMIT 1");
        var rows = write.Db.Execute(
            "DELETE FROM session_events WHERE session_id = @session AND sequence IN (SELECT sequence FROM session_events WHERE session_id = @session ORDER BY sequence LIMIT @limit)",
            new { session, limit });
        if (rows < limit) write.Db.Execute("DELETE FROM removed_sessions WHERE session_id = @session", new { session });
        return rows;
    }
}
