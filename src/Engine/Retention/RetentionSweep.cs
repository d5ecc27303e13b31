using System.Data;
using System.Globalization;
using Bots.Engine.Storage;
using Dapper;

namespace Bots.Engine.Retention;

/// <summary>
/// Removes by age, a few rows per write, so that nobody waits for it. What a session that may go on needs is not looked at by age alone: a session
/// goes as a whole, and only when nothing of it runs, waits, or could be taken up again.
/// </summary>
public sealed class RetentionSweep(IStore store, RetentionOptions options, TimeProvider clock)
{
    private const int Batch = 500;

    /// <summary>Each table with what of it has had its time. A row's key is <c>id</c>.</summary>
    private static readonly (string Table, string Where)[] Rules =
    [
        ("deliveries", "state = 'done' AND received_at < @deliveries"),
        ("deliveries", "state = 'parked' AND received_at < @transcripts"),
        ("notices", "done = 1 AND created_at < @transcripts"),
        ("usage", "at < @usage AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.id = usage.session_id AND s.updated_at >= @usage)"),
        ("sandboxes", "state <> 'live' AND started_at < @transcripts"),
    ];

    /// <returns>How many rows of which table were removed; nothing of tables that lost none.</returns>
    public async Task<IReadOnlyDictionary<string, long>> Run(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var before = new { deliveries = now - options.Deliveries, transcripts = now - options.Transcripts, usage = now - options.Usage };
        var removed = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (table, where) in Rules)
        {
            var query = $"SELECT id FROM {table} WHERE {where} LIMIT {Batch}";
            await Repeat(table, db => db.Query<string>(query, before).ToList(), write => write.Db.Execute($"DELETE FROM {table} WHERE id IN ({query})", before));
        }

        await Repeat("spending", db => [.. db.Query<string>("SELECT budget FROM spending").Where(b => IsOver(b, before.usage)).Take(Batch)],
            write => write.Db.Execute("DELETE FROM spending WHERE budget IN @over", new { over = write.Db.Query<string>("SELECT budget FROM spending").Where(b => IsOver(b, before.usage)).Take(Batch).ToList() }));
        await Repeat("sessions", db => RemovedSessions.Due(db, before.transcripts, 20), write =>
        {
            var due = RemovedSessions.Due(write.Db, before.transcripts, 20);
            foreach (var session in due) RemovedSessions.Remove(write, session);
            return due.Count;
        });
        await Repeat("session_events", RemovedSessions.Left, write => RemovedSessions.RemoveEvents(write, Batch));
        return removed;

        // Nothing is written where nothing is to be done.
        async Task Repeat(string what, Func<IDbConnection, IReadOnlyList<string>> due, Func<IWrite, int> remove)
        {
            while (store.Read(due).Count > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                var rows = await store.Write(remove, cancellation);
                removed[what] = removed.GetValueOrDefault(what) + rows;
            }
        }
    }

    /// <summary>What budgets of a day are summed under ends with that day. A session's goes with the session.</summary>
    private static bool IsOver(string budget, DateTimeOffset before) =>
        budget.Length > 10 && DateOnly.TryParseExact(budget[^10..], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && day < DateOnly.FromDateTime(before.UtcDateTime);
}
