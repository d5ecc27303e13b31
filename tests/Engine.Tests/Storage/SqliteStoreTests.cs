using Bots.Engine.Storage;
using Dapper;

namespace Bots.Engine.Tests.Storage;

public sealed class SqliteStoreTests : IDisposable
{
    private readonly TemporaryStore _temporary = new();

    public SqliteStoreTests() => _temporary.Store.Write(w => w.Db.Execute("CREATE TABLE things (name TEXT PRIMARY KEY)"));

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task A_write_is_there_after_the_store_is_opened_again()
    {
        await Add("one");

        Names(_temporary.Reopen()).ShouldBe(["one"]);
    }

    [Fact]
    public async Task A_write_that_throws_leaves_nothing_and_harms_no_neighbour()
    {
        var good = Add("good");
        var bad = _temporary.Store.Write(w =>
        {
            w.Db.Execute("INSERT INTO things VALUES ('half')");
            throw new InvalidOperationException("on purpose");
        });
        var later = Add("later");

        await Task.WhenAll(good, later);
        (await Should.ThrowAsync<InvalidOperationException>(bad)).Message.ShouldBe("on purpose");
        Names(_temporary.Store).ShouldBe(["good", "later"]);
    }

    [Fact]
    public async Task Somebody_is_woken_only_after_the_commit_and_only_when_it_succeeded()
    {
        var woken = new List<string>();
        await _temporary.Store.Write(w =>
        {
            w.Db.Execute("INSERT INTO things VALUES ('seen')");
            w.AfterCommit(() => woken.AddRange(Names(_temporary.Store)));
        });
        await Should.ThrowAsync<InvalidOperationException>(_temporary.Store.Write(w =>
        {
            w.AfterCommit(() => woken.Add("never"));
            throw new InvalidOperationException("on purpose");
        }));

        woken.ShouldBe(["seen"]);
    }

    [Fact]
    public async Task Many_writers_at_once_lose_nothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => Add($"n{i:0000}")));

        Names(_temporary.Store).Count.ShouldBe(2000);
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        var store = ClosedStore();

        await Should.ThrowAsync<StoreException>(store.Write(w => w.Db.Execute("SELECT 1")));
    }

    [Fact]
    public async Task A_prepared_statement_that_failed_serves_the_next()
    {
        await Insert("one");
        (await Should.ThrowAsync<Microsoft.Data.Sqlite.SqliteException>(Insert("one"))).SqliteErrorCode.ShouldBe(SQLitePCL.raw.SQLITE_CONSTRAINT);
        (await Should.ThrowAsync<Microsoft.Data.Sqlite.SqliteException>(_temporary.Store.Write(w => w.Prepared("INSERT INTO things VALUES (?)").Bind("x").Bind("too many").Run())))
            .SqliteErrorCode.ShouldBe(SQLitePCL.raw.SQLITE_RANGE);
        (await Insert("two")).ShouldBe(1);

        Names(_temporary.Store).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task The_log_begins_anew_however_long_the_writing_goes_on()
    {
        var page = new byte[4096];
        await _temporary.Store.Write(w => w.Db.Execute("CREATE TABLE pages (bytes BLOB)"));
        var first = Generation();
        for (var commit = 0; commit < 2000 && Generation() == first; commit++)
        {
            await _temporary.Store.Write(w =>
            {
                for (var i = 0; i < 100; i++) w.Prepared("INSERT INTO pages VALUES (?)").Bind(page).Run();
            });
        }

        Generation().ShouldNotBe(first);
        var pages = _temporary.Store.Read(db => db.QuerySingle<long>("SELECT COUNT(*) FROM pages"));
        _temporary.Reopen().Read(db => db.QuerySingle<long>("SELECT COUNT(*) FROM pages")).ShouldBe(pages);
    }

    /// <summary>How often the write-ahead log began anew: the sequence number in its header.</summary>
    private int Generation()
    {
        using var log = new FileStream(_temporary.File + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var header = new byte[16];
        log.ReadExactly(header);
        return System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(12));
    }

    /// <summary>Keeps the writer busy until it is released: what is asked meanwhile comes into one commit.</summary>
    private (Task Held, ManualResetEventSlim Release) Hold()
    {
        using var begun = new ManualResetEventSlim();
        var release = new ManualResetEventSlim();
        var held = _temporary.Store.Write(_ =>
        {
            begun.Set();
            release.Wait();
        });
        begun.Wait();
        return (held, release);
    }

    private SqliteStore ClosedStore()
    {
        var store = new SqliteStore(_temporary.File);
        store.Dispose();
        return store;
    }

    private Task<int> Insert(string name) => _temporary.Store.Write(w => w.Prepared("INSERT INTO things VALUES (?)").Bind(name).Run());

    private Task Add(string name) => _temporary.Store.Write(w => w.Db.Execute("INSERT INTO things VALUES (@name)", new { name }));

    private static List<string> Names(IStore store) => store.Read(db => db.Query<string>("SELECT name FROM things ORDER BY name").ToList());
}
