using Bots.Engine.Sandboxes;
using Bots.Faults.Plan;

namespace Bots.Faults.Breaks;

/// <summary>Sees from outside that the service writes something.</summary>
internal static class FileWatch
{
    /// <returns>True as soon as it is seen; false when it was not in that time.</returns>
    public static async Task<bool> Seen(SandboxPaths paths, Writing what, TimeSpan patience)
    {
        var (folder, name) = what switch
        {
            Writing.SandboxRecord => (Path.Combine(paths.DataDirectory, "sandboxes"), ".tmp"),
            Writing.Snapshot => (paths.Snapshots, ".unfinished"),
            Writing.SnapshotTaken => (paths.Snapshots, ".tar.gz"),
            _ => (Path.Combine(paths.DataDirectory, "workspaces"), ".unfinished"),
        };
        using var late = new CancellationTokenSource(patience, TimeProvider.System);
        if (!Directory.Exists(folder))
        {
            await Task.Delay(patience, TimeProvider.System);
            return false;
        }

        var seen = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(folder) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName };
        watcher.Created += Look;
        watcher.Renamed += Look;
        watcher.EnableRaisingEvents = true;
        await using var over = late.Token.Register(() => seen.TrySetResult(false));
        return await seen.Task;

        void Look(object sender, FileSystemEventArgs change)
        {
            if (change.Name?.EndsWith(name, StringComparison.Ordinal) == true) seen.TrySetResult(true);
        }
    }
}
