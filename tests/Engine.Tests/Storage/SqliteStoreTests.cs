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
        var store = new SqliteStore(_temporary.File);
        store.Dispose();

        await Should.ThrowAsync<StoreException>(store.Write(w => w.Db.Execute("SELECT 1")));
    }

    private Task Add(string name) => _temporary.Store.Write(w => w.Db.Execute("INSERT INTO things VALUES (@name)", new { name }));

    private static List<string> Names(IStore store) => store.Read(db => db.Query<string>("SELECT name FROM things ORDER BY name").ToList());
}
