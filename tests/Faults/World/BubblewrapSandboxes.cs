using System.Diagnostics;
using Bots.Engine.Sandboxes;

namespace Bots.Faults.Breaks;

/// <summary>Signals for all processes of a sandbox, from outside: SIGKILL, as of a machine out of memory; SIGSTOP and SIGCONT, as of one that has too much to do.</summary>
internal static class SandboxKiller
{
    /// <param name="which">Picks one of those that run.</param>
    /// <returns>Its id; null when none runs.</returns>
    public static string? Kill(SandboxPaths paths, int which)
    {
        if (Choose(paths, which) is not { } chosen) return null;
        var own = Processes(chosen);
        foreach (var process in own) End(process);
        return own.Count > 0 ? chosen : null;
    }

    /// <returns>Its id; null when none runs.</returns>
    public static async Task<string?> Freeze(SandboxPaths paths, int which, TimeSpan time)
    {
        if (Choose(paths, which) is not { } chosen || Processes(chosen) is not { Count: > 0 } own) return null;
        await Signal("STOP", own);
        await Task.Delay(time, TimeProvider.System);
        await Signal("CONT", own);
        return chosen;
    }

    private static string? Choose(SandboxPaths paths, int which)
    {
        var folder = Path.Combine(paths.DataDirectory, "sandboxes");
        if (!Directory.Exists(folder)) return null;
        var known = Directory.GetFiles(folder, "sbx_*.json").Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal).ToList();
        return known.Count == 0 ? null : known[which % known.Count];
    }

    /// <summary>Those in its cgroup, or, where there is none, those that bear its name.</summary>
    private static List<int> Processes(string sandbox) =>
    [
        .. from folder in Directory.EnumerateDirectories("/proc")
        let id = int.TryParse(Path.GetFileName(folder), out var number) ? number : 0
        where id > 0 && id != Environment.ProcessId && (Read(id, "cgroup").Contains(sandbox, StringComparison.Ordinal) || Read(id, "cmdline").Contains(sandbox, StringComparison.Ordinal))
        select id,
    ];

    /// <summary>Those that ended meanwhile are complained about, and nobody listens.</summary>
    private static async Task Signal(string signal, List<int> processes)
    {
        using var kill = Process.Start(new ProcessStartInfo("/bin/kill", [$"-{signal}", .. processes.Select(id => $"{id}")]) { UseShellExecute = false, RedirectStandardError = true })!;
        await kill.StandardError.ReadToEndAsync();
        await kill.WaitForExitAsync();
    }

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
