using Bots.Engine.Storage;
using Dapper;
using Microsoft.Data.Sqlite;
using Quartz;

namespace Bots.Tests.Schedules;

/// <summary>Fails when a new version of Quartz wants tables or columns that our migrations do not make.</summary>
public sealed class QuartzSchemaTests : IDisposable
{
    /// <summary>Quartz asks for them only where an execution history is kept.</summary>
    private static readonly string[] History = ["QRTZ_EXECUTION_HISTORY", "QRTZ_MISFIRE_HISTORY", "QRTZ_JOB_STATUS"];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bots-quartz-");

    [Fact]
    public void Our_tables_have_the_columns_that_Quartz_creates_itself()
    {
        using var store = new SqliteStore(Path.Combine(_directory.FullName, "bots.db"));
        using var quartz = new SqliteConnection("Data Source=:memory:");
        quartz.Open();
        quartz.Execute(QuartzScript());

        store.Read(Columns).ShouldBe(Columns(quartz).Where(c => !History.Contains(c.Table)));
    }

    [Fact]
    public void Quartz_waits_for_the_stores_writer_and_keeps_to_foreign_keys()
    {
        var file = Path.Combine(_directory.FullName, "bots.db");
        using var store = new SqliteStore(file);
        using var connection = new SqliteDataSource(file).OpenConnection();

        connection.QuerySingle<int>("PRAGMA busy_timeout").ShouldBe(30_000);
        connection.QuerySingle<int>("PRAGMA foreign_keys").ShouldBe(1);
        connection.QuerySingle<int>("PRAGMA synchronous").ShouldBe(2);
        connection.QuerySingle<string>("PRAGMA journal_mode").ShouldBe("wal");
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static List<(string Table, string Column)> Columns(System.Data.IDbConnection db) =>
        db.Query<(string, string)>(
            """
            SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c
            WHERE t.type = 'table' AND t.name LIKE 'QRTZ%' ORDER BY t.name, c.name
            """).AsList();

    private static string QuartzScript()
    {
        using var script = new StreamReader(typeof(IScheduler).Assembly.GetManifestResourceStream("Quartz.Impl.AdoJobStore.Schema.create_sqlite.sql")!);
        var tables = script.ReadToEnd().Split("--;;").Where(statement => statement.Contains("CREATE TABLE", StringComparison.Ordinal));
        return string.Join('\n', tables).Replace("{0}", "QRTZ_", StringComparison.Ordinal);
    }
}
