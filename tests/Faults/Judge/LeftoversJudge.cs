using Bots.Engine.Sandboxes;
using Bots.Engine.Storage;
using Bots.Faults.World;
using Bots.Sandbox.Tests.Support;
using Dapper;

namespace Bots.Faults.Judge;

/// <summary>Nothing is left on the machine. What a kill left half done in the data directory is gone when the service has run two hours later: until then it may be somebody's work.</summary>
internal static class LeftoversJudge
{
    private static readonly TimeSpan Later = TimeSpan.FromHours(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <param name="world">With a service that was stopped in an orderly way.</param>
    public static async Task<IReadOnlyList<Violation>> Judge(Surroundings world, Stored stored)
    {
        var violations = OnTheMachine(world.Paths, stored).ToList();
        await world.Service.SetClock(Later);
        await world.Service.Start();
        var begun = TimeProvider.System.GetTimestamp();
        // Clean twice: between packing a workspace and its row in the table it only seems so.
        for (var clean = 0; clean < 2 && TimeProvider.System.GetElapsedTime(begun) < Patience; await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System))
            clean = (await Left(world)).Any() ? 0 : clean + 1;
        await world.Service.Stop();
        violations.AddRange((await Left(world)).Select(left => new Violation($"left behind: {left}")));
        return violations;
    }

    /// <summary>Whatever bears the name of a sandbox, or has to do with a workspace.</summary>
    private static IEnumerable<Violation> OnTheMachine(SandboxPaths paths, Stored stored)
    {
        var folders = HostTraces.Of([Path.Combine(paths.DataDirectory, "workspaces"), paths.Trees, paths.ControlDirectory]).Where(trace => !trace.StartsWith("file:", StringComparison.Ordinal));
        return HostTraces.Of([.. stored.Sandboxes]).Where(trace => !trace.Contains(paths.DataDirectory, StringComparison.Ordinal)).Concat(folders).Distinct().Select(trace => new Violation($"left behind: {trace}"));
    }

    private static async Task<IEnumerable<string>> Left(Surroundings world) => InTheData(world.Paths).Concat(await world.Sandboxes.Left());

    /// <summary>Files and folders that no row knows.</summary>
    private static IEnumerable<string> InTheData(SandboxPaths paths)
    {
        using var source = new SqliteDataSource(paths.Database);
        using var db = source.OpenConnection();
        var known = db.Query<string>("SELECT id FROM workspaces UNION SELECT id FROM trees UNION SELECT id || '.tar.gz' FROM snapshots").ToHashSet(StringComparer.Ordinal);
        return from place in (string[])["workspaces", "trees", "snapshots"]
               let folder = Path.Combine(paths.DataDirectory, place)
               where Directory.Exists(folder)
               from entry in Directory.EnumerateFileSystemEntries(folder)
               where !known.Contains(Path.GetFileName(entry))
               select $"file: {entry}";
    }
}
