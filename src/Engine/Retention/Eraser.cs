using System.Data;
using System.Text;
using Bots.Engine.Audit;
using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Dapper;

namespace Bots.Engine.Retention;

/// <summary>
/// Takes one person's words out of the store: out of prompts, of what was quoted to agents, of the logs, and of deliveries that
/// were not taken in. What agents wrote in answer, and what stands in the audit log, stays.
/// </summary>
public sealed class Eraser(IStore store, TimeProvider clock)
{
    private const int Batch = 200;

    /// <returns>What was erased; null while a request of the person's waits or runs, whose words are still needed.</returns>
    public async Task<Erased?> Erase(string surface, string id, CancellationToken cancellation)
    {
        var key = $"{surface}:{id}";
        if (store.Read(db => IsBusy(db, key))) return null;
        var names = store.Read(db => db.Query<Person>("SELECT DISTINCT author FROM prompts WHERE author_key = @key", new { key }))
            .Select(person => person.Name).ToHashSet(StringComparer.Ordinal);
        names.Remove(Erasure.Name);
        var erasure = new Erasure(surface, id, names);

        var prompts = await store.Write(write => Prompts(write, erasure, key), cancellation);
        if (prompts is null) return null;
        var quoted = await store.Write(write => Quoted(write, erasure), cancellation);
        await store.Write(write => Permissions(write, erasure), cancellation);
        var deliveries = await store.Write(write => Deliveries(write, surface, id), cancellation);
        var events = await Events(erasure, cancellation);
        var erased = new Erased(prompts.Value, quoted, events, deliveries);
        await store.Write(write => AuditLog.Append(write, AuditEntry.WordsErased(clock.GetUtcNow(), key, erased)), cancellation);
        return erased;
    }

    private static bool IsBusy(IDbConnection db, string key) =>
        db.QuerySingle<bool>("SELECT EXISTS (SELECT 1 FROM prompts WHERE author_key = @key AND state IN ('Queued', 'Running'))", new { key });

    private static int? Prompts(IWrite write, Erasure erasure, string key)
    {
        if (IsBusy(write.Db, key)) return null;
        var authors = write.Db.Query<(string Id, Person Author)>("SELECT id, author FROM prompts WHERE author_key = @key AND text <> @words", new { key, words = Erasure.Words }).ToList();
        foreach (var (id, author) in authors)
            write.Db.Execute("UPDATE prompts SET text = @words, author = @author WHERE id = @id", new { id, words = Erasure.Words, author = erasure.Of(author) });
        return authors.Count;
    }

    private static int Quoted(IWrite write, Erasure erasure)
    {
        var count = 0;
        foreach (var (id, material) in write.Db.Query<(string, IReadOnlyList<Material>)>("SELECT id, material FROM prompts WHERE material <> '[]'").ToList())
        {
            if (erasure.Of(material) is not { } left) continue;
            write.Db.Execute("UPDATE prompts SET material = @left WHERE id = @id", new { id, left });
            count++;
        }

        return count;
    }

    private static void Permissions(IWrite write, Erasure erasure)
    {
        foreach (var (id, by) in write.Db.Query<(string, Person)>("SELECT id, decided_by FROM permission_requests WHERE decided_by IS NOT NULL").ToList().Where(row => erasure.Is(row.Item2)))
        {
            write.Db.Execute(
                "UPDATE permission_requests SET decided_by = @by, reason = CASE WHEN reason IS NULL THEN NULL ELSE @words END WHERE id = @id AND answered = 1",
                new { id, by = erasure.Of(by), words = Erasure.Words });
        }

        foreach (var (id, by) in write.Db.Query<(string, Person)>("SELECT id, stopped_by FROM prompts WHERE stopped_by IS NOT NULL").ToList().Where(row => erasure.Is(row.Item2)))
            write.Db.Execute("UPDATE prompts SET stopped_by = @by WHERE id = @id AND state NOT IN ('Queued', 'Running')", new { id, by = erasure.Of(by) });
        foreach (var (id, to) in write.Db.Query<(string, Person)>("SELECT id, private FROM notices WHERE private IS NOT NULL AND done = 1").ToList().Where(row => erasure.Is(row.Item2)))
            write.Db.Execute("UPDATE notices SET private = @to WHERE id = @id", new { id, to = erasure.Of(to) });
    }

    /// <summary>Those that were taken in have no words any more. Of the others the raw bytes tell: JSON, or a form with JSON in it.</summary>
    private static int Deliveries(IWrite write, string surface, string id)
    {
        byte[][] needles = [Encoding.UTF8.GetBytes($"\"{id}\""), Encoding.UTF8.GetBytes($"%22{id}%22")];
        var found = write.Db.Query<(long Id, byte[] Body)>("SELECT id, body FROM deliveries WHERE state = 'parked' AND surface = @surface", new { surface })
            .Where(row => needles.Any(needle => row.Body.AsSpan().IndexOf(needle) >= 0)).Select(row => row.Id).ToList();
        foreach (var row in found)
            write.Db.Execute("UPDATE deliveries SET state = 'done', body = @nothing, note = @words WHERE id = @row", new { row, nothing = Array.Empty<byte>(), words = Erasure.Words });
        return found.Count;
    }

    /// <summary>The one exception to a log that is only appended to: no event comes or goes, and what is shown follows from the words that are left.</summary>
    private async Task<int> Events(Erasure erasure, CancellationToken cancellation)
    {
        var touched = store.Read(db => db.Query<(string Session, long Sequence, string Data)>(
            "SELECT session_id, sequence, data FROM session_events WHERE data LIKE @needle", new { needle = $"%{erasure.Needle}%" }, buffered: false)
            .Where(row => Changed(erasure, row.Data) is not null).Select(row => (row.Session, row.Sequence)).ToList());
        foreach (var some in touched.Chunk(Batch))
        {
            await store.Write(write =>
            {
                foreach (var (session, sequence) in some)
                {
                    var data = write.Db.QueryFirstOrDefault<string>("SELECT data FROM session_events WHERE session_id = @session AND sequence = @sequence", new { session, sequence });
                    if (data is null || Changed(erasure, data) is not { } left) continue;
                    write.Db.Execute("UPDATE session_events SET data = @left WHERE session_id = @session AND sequence = @sequence", new { session, sequence, left });
                    // What we said with those words in it is brought up to date at the next start.
                    write.Db.Execute("UPDATE conversations SET shown = 0 WHERE session_id = @session", new { session });
                }
            }, cancellation);
        }

        return touched.Count;
    }

    private static string? Changed(Erasure erasure, string data)
    {
        var before = EngineJson.Read<SessionEvent>(data);
        var after = erasure.Of(before);
        return ReferenceEquals(before, after) || before.Equals(after) ? null : EngineJson.Write(after);
    }
}

/// <summary>How much was erased.</summary>
/// <param name="Prompts">Requests of the person.</param>
/// <param name="Quotes">Other people's requests that quoted the person.</param>
/// <param name="Events">Of session logs.</param>
/// <param name="Deliveries">Parked ones.</param>
public sealed record Erased(int Prompts, int Quotes, int Events, int Deliveries);
