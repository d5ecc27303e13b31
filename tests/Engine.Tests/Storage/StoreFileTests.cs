using Bots.Engine.Storage;
using Dapper;

namespace Bots.Engine.Tests.Storage;

public sealed class StoreFileTests : IAsyncLifetime
{
    private const int Page = 4096;

    private readonly TemporaryStore _temporary = new();

    private string Backup => _temporary.File + ".backup";

    public async ValueTask InitializeAsync() => await _temporary.Store.Write(write =>
    {
        write.Db.Execute("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)");
        for (var i = 0; i < 5000; i++) write.Db.Execute("INSERT INTO things (name) VALUES (@name)", new { name = $"thing {i} {new string('x', 60)}" });
        return true;
    });

    public ValueTask DisposeAsync()
    {
        _temporary.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void A_sound_file_and_none_at_all_are_no_problem()
    {
        StoreFile.Problem(_temporary.File).ShouldBeNull();
        _temporary.Close();
        StoreFile.Problem(_temporary.File).ShouldBeNull();
        StoreFile.Problem(_temporary.File + ".none").ShouldBeNull();
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(20 * Page, 4 * Page)]
    [InlineData(30 * Page, 8)]
    public void A_damaged_file_is_told_and_left_as_it_is(int at, int bytes)
    {
        _temporary.Close();
        using (var file = File.OpenWrite(_temporary.File))
        {
            file.Position = at;
            file.Write(Enumerable.Repeat((byte)0xA5, bytes).ToArray());
        }

        var before = File.ReadAllBytes(_temporary.File);
        StoreFile.Problem(_temporary.File).ShouldNotBeNull().ShouldNotBeEmpty();

        File.ReadAllBytes(_temporary.File).ShouldBe(before);
    }

    [Fact]
    public void A_file_that_was_cut_off_is_told()
    {
        _temporary.Close();
        using (var file = File.OpenWrite(_temporary.File)) file.SetLength(10 * Page);

        StoreFile.Problem(_temporary.File).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_copy_made_beside_a_writer_is_whole_and_can_be_opened()
    {
        var writes = Enumerable.Range(0, 50).Select(i => _temporary.Store.Write(w => w.Db.Execute("INSERT INTO things (name) VALUES ('later')"))).ToList();

        StoreFile.Backup(_temporary.File, Backup);
        await Task.WhenAll(writes);

        File.GetUnixFileMode(Backup).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var copy = new SqliteStore(Backup);
        copy.Read(db => db.QuerySingle<long>("SELECT COUNT(*) FROM things")).ShouldBeInRange(5000, 5050);
        _temporary.Store.Read(db => db.QuerySingle<long>("SELECT COUNT(*) FROM things")).ShouldBe(5050);
    }

    [Fact]
    public void A_file_that_is_there_is_never_overwritten()
    {
        File.WriteAllText(Backup, "precious");

        Should.Throw<IOException>(() => StoreFile.Backup(_temporary.File, Backup));

        File.ReadAllText(Backup).ShouldBe("precious");
    }

    [Fact]
    public void Of_a_damaged_file_no_copy_is_left()
    {
        _temporary.Close();
        using (var file = File.OpenWrite(_temporary.File)) file.Write(new byte[100]);

        Should.Throw<StoreException>(() => StoreFile.Backup(_temporary.File, Backup));

        Directory.GetFiles(Path.GetDirectoryName(_temporary.File)!, "*.backup*").ShouldBeEmpty();
    }
}
