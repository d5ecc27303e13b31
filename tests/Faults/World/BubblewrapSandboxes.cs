using System.Diagnostics;
using Bots.Engine.Sandboxes;
using Bots.Faults.Breaks;
using Bots.Faults.Plan;
using Bots.Sandbox;
using Bots.Sandbox.Bubblewrap;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Faults.World;

/// <summary>Sandboxes that are processes of this machine, each with a file that says so. Signals go to all processes of one.</summary>
internal sealed class BubblewrapSandboxes(SandboxPaths paths) : RunSandboxes(new BubblewrapProvider(Options(paths), TimeProvider.System, NullLogger<BubblewrapProvider>.Instance))
{
    private readonly string _records = Options(paths).StateDirectory;

    public override Task<bool> SeenStarting(TimeSpan patience) => FileWatch.Seen(paths, Writing.SandboxRecord, patience);

    public override Task<IReadOnlyList<string>> Left() => Task.FromResult<IReadOnlyList<string>>([.. Records("sbx_*").Select(record => $"file: {record}")]);

    protected override Task<IReadOnlyList<SandboxId>> Known() =>
        Task.FromResult<IReadOnlyList<SandboxId>>([.. Records("sbx_*.json").Select(record => new SandboxId(Path.GetFileNameWithoutExtension(record)))]);

    /// <summary>Those that ended meanwhile are complained about, and nobody listens.</summary>
    protected override async Task<bool> Send(Signal signal, SandboxId sandbox)
    {
        var processes = Processes(sandbox.Value);
        if (processes.Count == 0) return false;
        using var kill = Process.Start(new ProcessStartInfo("/bin/kill", [$"-{signal.ToString().ToUpperInvariant()}", .. processes.Select(id => $"{id}")]) { UseShellExecute = false, RedirectStandardError = true })!;
        await kill.StandardError.ReadToEndAsync();
        await kill.WaitForExitAsync();
        return true;
    }

    public static BubblewrapOptions Options(SandboxPaths paths) => new() { StateDirectory = Path.Combine(paths.DataDirectory, "sandboxes"), ControlDirectory = paths.ControlDirectory };

    private IEnumerable<string> Records(string pattern) => Directory.Exists(_records) ? Directory.EnumerateFileSystemEntries(_records, pattern) : [];

    /// <summary>Those in its cgroup, or, where there is none, those that bear its name.</summary>
    private static List<int> Processes(string sandbox) =>
    [
        .. from folder in Directory.EnumerateDirectories("/proc")
        let id = int.TryParse(Path.GetFileName(folder), out var number) ? number : 0
        where id > 0 && id != Environment.ProcessId && (Read(id, "cgroup").Contains(sandbox, StringComparison.Ordinal) || Read(id, "cmdline").Contains(sandbox, StringComparison.Ordinal))
        select id,
    ];

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
