using Bots.Engine;
using Bots.Engine.Permissions;
using Bots.Engine.Prompts;
using Bots.Engine.Sandboxes;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Dapper;

namespace Bots.Faults.Judge;

/// <summary>What the stopped service's store holds.</summary>
public sealed record Stored
{
    public required IReadOnlyList<PromptRow> Prompts { get; init; }

    public required IReadOnlyList<PermissionRow> Permissions { get; init; }

    public required IReadOnlyList<SessionRow> Sessions { get; init; }

    public required IReadOnlyDictionary<SessionId, long> LastSequences { get; init; }

    public required ILookup<SessionId, LoggedEvent> Events { get; init; }

    public required IReadOnlyList<string> Sandboxes { get; init; }

    public required IReadOnlyList<string> OpenDeliveries { get; init; }

    public static Stored Read(SandboxPaths paths)
    {
        using var source = new SqliteDataSource(paths.Database);
        using var db = source.OpenConnection();
        return new Stored
        {
            Prompts = [.. db.Query<PromptRow>("SELECT * FROM prompts ORDER BY position")],
            Permissions = [.. db.Query<PermissionRow>("SELECT * FROM permission_requests")],
            Sessions = [.. db.Query<SessionRow>("SELECT * FROM sessions")],
            LastSequences = db.Query<(string Id, long Last)>("SELECT id, last_sequence FROM sessions").ToDictionary(row => new SessionId(row.Id), row => row.Last),
            Events = db.Query<(string Session, long Sequence, DateTimeOffset At, string Data)>("SELECT session_id, sequence, at, data FROM session_events ORDER BY session_id, sequence")
                .Select(row => new LoggedEvent(new SessionId(row.Session), row.Sequence, row.At, EngineJson.Read<SessionEvent>(row.Data))).ToLookup(e => e.Session),
            Sandboxes = [.. db.Query<string>("SELECT id FROM sandboxes")],
            OpenDeliveries = [.. db.Query<string>("SELECT surface || ' ' || kind || ' ' || state || ' ' || COALESCE(note, '') FROM deliveries WHERE state NOT IN ('done', 'ignored')")],
        };
    }
}
