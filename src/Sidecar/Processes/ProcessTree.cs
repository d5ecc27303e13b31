namespace Bots.Sidecar.Processes;

/// <summary>Everything that came from one process: its session, and its descendants in sessions of their own.</summary>
internal static class ProcessTree
{
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Asks all of them to end, and two seconds later ends whatever is left.</summary>
    /// <param name="politeSignal">What asks them.</param>
    public static async Task End(int root, int politeSignal, TimeProvider time)
    {
        var victims = Find(root, []);
        Signal(victims, politeSignal);

        var start = time.GetTimestamp();
        while (victims.Count > 0 && time.GetElapsedTime(start) < Grace)
        {
            await Task.Delay(Pause, time);
            victims = Find(root, victims);
        }

        Signal(victims, Native.ForceKill);
        Signal(Find(root, victims), Native.ForceKill);
    }

    /// <param name="known">Found before: their children belong to it also when they have been orphaned meanwhile.</param>
    static HashSet<int> Find(int root, HashSet<int> known)
    {
        var all = ProcessList.Read();
        var found = all.Where(p => p.Id == root || p.Session == root || known.Contains(p.Id)).Select(p => p.Id).ToHashSet();
        while (true)
        {
            var before = found.Count;
            found.UnionWith(all.Where(p => found.Contains(p.Parent)).Select(p => p.Id));
            if (found.Count == before) return found;
        }
    }

    static void Signal(HashSet<int> processes, int signal)
    {
        foreach (var process in processes) Native.Signal(process, signal);
    }
}
