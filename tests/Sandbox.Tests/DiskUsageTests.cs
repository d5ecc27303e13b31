using System.Diagnostics;
using Bots.Sandbox.Linux.Disk;

namespace Bots.Sandbox.Tests;

public sealed class DiskUsageTests : IDisposable
{
    const int KiB = 1024;
    readonly string _folder = Directory.CreateTempSubdirectory("bots-").FullName;

    [Fact]
    public void Files_count_with_what_they_take_on_disk()
    {
        File.WriteAllBytes(In("file"), new byte[100 * KiB]);
        Directory.CreateDirectory(In("deep/er"));
        File.WriteAllBytes(In("deep/er/file"), new byte[200 * KiB]);
        using (var holes = File.Create(In("holes"))) holes.SetLength(1L << 40);

        DiskUsage.Of(_folder, long.MaxValue).ShouldBeInRange(300 * KiB, 340 * KiB);
    }

    [Fact]
    public void Links_lead_nowhere_and_a_file_of_several_names_counts_once()
    {
        File.WriteAllBytes(In("file"), new byte[400 * KiB]);
        File.CreateSymbolicLink(In("loop"), ".");
        File.CreateSymbolicLink(In("out"), "/usr");
        File.CreateSymbolicLink(In("again"), "file");
        Run("ln", In("file"), In("second"));
        Run("ln", In("file"), In("third"));
        Run("mkfifo", In("pipe"));

        DiskUsage.Of(_folder, long.MaxValue).ShouldBeInRange(390 * KiB, 440 * KiB);
    }

    [Fact]
    public void Empty_files_count_too()
    {
        for (var i = 0; i < 100; i++) File.WriteAllBytes(In($"{i}"), []);

        DiskUsage.Of(_folder, long.MaxValue).ShouldBeGreaterThanOrEqualTo(100 * 8 * KiB);
    }

    [Fact]
    public void Counting_ends_when_it_is_enough()
    {
        for (var i = 0; i < 10; i++)
        {
            Directory.CreateDirectory(In($"{i}"));
            File.WriteAllBytes(In($"{i}/file"), new byte[100 * KiB]);
        }

        DiskUsage.Of(_folder, 150 * KiB).ShouldBeInRange(150 * KiB, 400 * KiB);
    }

    [Fact]
    public void Nothing_hides_in_the_depths()
    {
        // 30 × 200 letters, further down than a path reaches.
        Run("perl", "-e", $"chdir '{_folder}'; for (1..30) {{ mkdir 'x' x 200 or die; chdir 'x' x 200 or die }}");

        DiskUsage.Of(_folder, long.MaxValue).ShouldBe(long.MaxValue);
        Run("rm", "-r", _folder);
    }

    [Fact]
    public void What_is_not_there_takes_nothing() => DiskUsage.Of(In("nothing"), long.MaxValue).ShouldBe(0);

    [Fact]
    public void A_deleted_file_counts_for_as_long_as_it_is_open()
    {
        using var file = File.Create(In("file"));
        file.Write(new byte[300 * KiB]);
        file.Flush();
        int[] processes = [Environment.ProcessId, Environment.ProcessId];

        UnlinkedFiles.Bytes(processes, [_folder]).ShouldBe(0);
        File.Delete(In("file"));

        UnlinkedFiles.Bytes(processes, [_folder]).ShouldBeInRange(300 * KiB, 320 * KiB);
        UnlinkedFiles.Bytes(processes, ["/nowhere"]).ShouldBe(0);
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    string In(string name) => Path.Combine(_folder, name);

    static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
    }
}
