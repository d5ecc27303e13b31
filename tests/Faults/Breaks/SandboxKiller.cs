using System.Diagnostics;
using Bots.Engine.Sandboxes;

namespace Bots.Faults.Breaks;

/// <summary>Kills a sandbox from outside, as a machine out of memory would: every process of it, at once.</summary>
internal static class SandboxKiller
{
    /// <param name="which">Picks one of those that run.</param>
    /// <returns>Its id; null when none runs.</returns>
    public static string? Kill(SandboxPaths paths, int which)
    {
        var folder = Path.Combine(paths.DataDirectory, "sandboxes");
        if (!Directory.Exists(folder)) return null;
        var known = Directory.GetFiles(folder, "sbx_*.json").Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal).ToList();
        if (known.Count == 0) return null;
        var chosen = known[which % known.Count];
        var own = Processes(chosen);
        foreach (var process in own) End(process);
        return own.Count > 0 ? chosen : null;
    }

    /// <summary>Those in its cgroup, or, where there is none, those that bear its name.</summary>
    private static List<int> Processes(string sandbox) =>
    [
        .. from folder in Directory.EnumerateDirectories("/proc")
        let id = int.TryParse(Path.GetFileName(folder), out var number) ? number : 0
        where id > 0 && id != Environment.ProcessId && (Read(id, "cgroup").Contains(sandbox, StringComparison.Ordinal) || Read(id, "cmdline").Contains(sandbox, StringComparison.Ordinal))
        select id,
    ];

    private static void End(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It ended with another one.
            return;
        }
    }

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
