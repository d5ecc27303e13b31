using System.Diagnostics;
using Bots.Sandbox.Wire;

namespace Bots.Sidecar.Processes;

/// <summary>What goes on in this sandbox.</summary>
internal static class Observation
{
    const int MostNames = 20;

    public static ToService.Observed Take(string id, ProcessTable table, TimeProvider time)
    {
        var files = FileChanges.Last("/workspace", time);
        var others = Others(table);
        return new(
            id,
            files.Last is { } last ? (long)(time.GetUtcNow() - last).TotalMilliseconds : null,
            files.All,
            (long?)table.TerminalIdle?.TotalMilliseconds,
            table.Terminals,
            others.Count,
            [.. others.Take(MostNames)]);
    }

    /// <summary>Without us, the sandbox's first process, and what we were told to start: what those started counts.</summary>
    static List<string> Others(ProcessTable table)
    {
        using var self = Process.GetCurrentProcess();
        HashSet<int> ours = [1, self.Id, .. table.Running];
        return [.. ProcessList.Read().Where(p => !ours.Contains(p.Id)).Select(p => p.Name)];
    }
}
