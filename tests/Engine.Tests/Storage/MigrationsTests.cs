using Bots.Engine.Storage;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Bots.Engine.Tests.Storage;

/// <summary>What an older version stored is there after an update.</summary>
public sealed class MigrationsTests : IDisposable
{
    private const string Columns = "id, surface, delivery_id, happening_key, kind, hex(body), received_at, state, attempts, next_attempt_at, put_off_at, note, trace";

    private readonly SqliteConnection _db;

    public MigrationsTests()
    {
        SqliteEngine.Use();
        _db = new SqliteConnection("Data Source=:memory:");
        _db.Open();
    }

    public void Dispose() => _db.Dispose();

    [Fact]
    public void Deliveries_keep_what_they_were_and_stay_unique()
    {
        Migrations.Apply(_db, last: 12);
        _db.Execute(
            """
            INSERT INTO deliveries (id, surface, delivery_id, happening_key, kind, body, received_at, state, attempts, next_attempt_at, put_off_at, note, trace) VALUES
                (3, 'slack', 'Ev1', 'T/C/1', 'event_callback', x'', 5, 'done', 1, 2, 3, 'a note', 'a trace'),
                (4, 'slack', 'Ev2', NULL, 'event_callback', x'01ff', 6, 'pending', 0, 0, 0, NULL, NULL),
                (9, 'github', 'guid', 'issue_comment:1:created', 'issue_comment', x'7b7d', 7, 'parked', 8, 0, 0, 'why', NULL)
            """);
        var (rows, indexes) = (Rows(), Named("index").Order().ToList());

        Migrations.Apply(_db);

        Rows().ShouldBe(rows);
        Named("index").Except(["deliveries_happening", "deliveries_id"]).Order().ShouldBe(indexes);
        Named("trigger").ShouldBe(["deliveries_transition"]);
        Inserted("slack", "Ev3", "T/C/1").ShouldBe(0);
        Inserted("slack", "Ev2", null).ShouldBe(0);
        Inserted("github", "Ev2", null).ShouldBe(1);
        Inserted("slack", "Ev4", "T/C/2").ShouldBe(1);
    }

    private List<string> Rows() => [.. _db.Query($"SELECT {Columns} FROM deliveries ORDER BY id").Select(row => string.Join('|', ((IDictionary<string, object?>)row).Values))];

    private IEnumerable<string> Named(string type) => _db.Query<string>("SELECT name FROM sqlite_master WHERE tbl_name = 'deliveries' AND type = @type AND sql IS NOT NULL", new { type });

    private int Inserted(string surface, string id, string? happening) => _db.Execute(
        "INSERT INTO deliveries (surface, delivery_id, happening_key, kind, body, received_at) VALUES (@surface, @id, @happening, 'k', x'', 1) ON CONFLICT DO NOTHING",
        new { surface, id, happening });
}
