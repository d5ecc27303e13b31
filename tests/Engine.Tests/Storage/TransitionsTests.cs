using Bots.Engine.Storage;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Bots.Engine.Tests.Storage;

/// <summary>The table of transitions holds for everybody who writes, in whatever words.</summary>
public sealed class TransitionsTests : IDisposable
{
    private static readonly Dictionary<string, string[]> Machines = new()
    {
        ["deliveries"] = ["pending", "parked", "done"],
        ["prompts"] = ["Queued", "Running", "Completed", "Cancelled", "Failed"],
        ["permission_requests"] = ["pending", "allowed", "denied"],
        ["sandboxes"] = ["live", "stopped"],
        ["trees"] = ["building", "ready", "failed"],
    };

    private static readonly HashSet<string> Legal =
    [
        "deliveries pending pending", "deliveries pending parked", "deliveries pending done", "deliveries parked pending", "deliveries parked done", "deliveries done done",
        "prompts Queued Running", "prompts Queued Cancelled", "prompts Queued Failed", "prompts Running Completed", "prompts Running Cancelled", "prompts Running Failed",
        "permission_requests pending allowed", "permission_requests pending denied",
        "sandboxes live stopped", "sandboxes stopped stopped",
        "trees building ready", "trees building failed",
    ];

    private readonly TemporaryStore _temporary = new();

    public static TheoryData<string, string, string> Transitions =>
        new(from machine in Machines from before in machine.Value from after in machine.Value select (machine.Key, before, after));

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [MemberData(nameof(Transitions))]
    public async Task Only_what_is_in_the_table_can_be_written(string table, string before, string after)
    {
        await _temporary.Store.Write(w => w.Db.Execute(Insert(w.Db, table), new { before }));

        var change = _temporary.Store.Write(w =>
        {
            w.Db.Execute("INSERT INTO missed_looks (surface, until) VALUES ('beside it', 0)");
            w.Db.Execute($"UPDATE {table} SET state = @after", new { after });
        });

        if (Legal.Contains($"{table} {before} {after}")) await change;
        else (await Should.ThrowAsync<SqliteException>(change)).Message.ShouldContain("No such transition");
        _temporary.Store.Read(db => db.QuerySingle<string>($"SELECT state FROM {table}")).ShouldBe(change.IsFaulted ? before : after);
        _temporary.Store.Read(db => db.QuerySingle<long>("SELECT COUNT(*) FROM missed_looks")).ShouldBe(change.IsFaulted ? 0 : 1);
    }

    [Fact]
    public void Nothing_that_has_a_state_is_without_a_table() =>
        _temporary.Store.Read(db => db.Query<string>(
            """
            SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'state' AND m.name NOT LIKE 'QRTZ%'
              AND NOT EXISTS (SELECT 1 FROM sqlite_master t WHERE t.type = 'trigger' AND t.name = m.name || '_transition')
            """)).ShouldBe(["surface_messages"], "a message's state is only what is known of another system");

    /// <summary>A row in which everything that must be there is there.</summary>
    private static string Insert(System.Data.IDbConnection db, string table)
    {
        var columns = db.Query<(string Name, string Type)>(
            "SELECT name, type FROM pragma_table_info(@table) WHERE \"notnull\" = 1 AND dflt_value IS NULL AND name <> 'state'", new { table }).ToList();
        var names = string.Concat(columns.Select(c => c.Name + ", "));
        var values = string.Concat(columns.Select(_ => "'0', "));
        return $"INSERT INTO {table} ({names}state) VALUES ({values}@before)";
    }
}
