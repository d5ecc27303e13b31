using System.Diagnostics;
using Bots.Configuration;
using Bots.Engine.Storage;
using Bots.Tests.Api;
using Dapper;

namespace Bots.Tests.EndToEnd;

/// <summary>The database is copied while a service runs on it, and a damaged one stops the start.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bots-");

    private string File => Path.Combine(_directory.FullName, "bots-backup.db");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task A_running_service_is_backed_up_and_the_backup_can_be_started_on()
    {
        await using (var host = await ApiHost.Start())
        {
            await host.Store.Write(write => write.Db.Execute("INSERT INTO missed_looks (surface, until) VALUES ('slack', 4711)"), TestContext.Current.CancellationToken);
            var (code, said) = await Run(host.DataDirectory, "backup", File);
            code.ShouldBe(0, said);
            (await Run(host.DataDirectory, "backup", File)).Code.ShouldBe(1);
            (await Run(host.DataDirectory, "backup")).Code.ShouldBe(64);
            (await Run(_directory.FullName, "backup", File + "2")).Said.ShouldContain("There is no database");
        }

        var restored = Directory.CreateDirectory(Path.Combine(_directory.FullName, "restored"));
        System.IO.File.Copy(File, Path.Combine(restored.FullName, "bots.db"));
        await using var again = await ApiHost.Start(dataDirectory: restored.FullName);

        again.Store.Read(db => db.QuerySingle<long>("SELECT until FROM missed_looks")).ShouldBe(4711);
    }

    [Fact]
    public async Task A_damaged_database_stops_the_start_says_what_to_do_and_is_left_as_it_is()
    {
        var database = Path.Combine(_directory.FullName, "bots.db");
        using (var store = new SqliteStore(database)) await store.Write(write => write.Db.Execute("INSERT INTO missed_looks (surface, until) VALUES ('slack', 4711)"), TestContext.Current.CancellationToken);
        using (var file = System.IO.File.OpenWrite(database))
        {
            file.Position = 8 * 4096;
            file.Write(Enumerable.Repeat((byte)0xA5, 3 * 4096).ToArray());
        }

        var before = await System.IO.File.ReadAllBytesAsync(database, TestContext.Current.CancellationToken);
        var (code, said) = await Run(_directory.FullName);

        code.ShouldBe(ConfigurationReport.ExitCode, said);
        said.ShouldContain($"the database {database} is damaged");
        said.ShouldContain("put a backup in place");
        (await System.IO.File.ReadAllBytesAsync(database, TestContext.Current.CancellationToken)).ShouldBe(before);
    }

    private static async Task<(int Code, string Said)> Run(string data, params IEnumerable<string> arguments)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Installation.Root, "src", "Bots", "bin", configuration, "net10.0", "Bots.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        start.Environment["Bots__DataDirectory"] = data;
        start.Environment["Agents__Directory"] = Path.Combine(Installation.Root, "manifests", "agents");
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
