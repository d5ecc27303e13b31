using System.Globalization;
using Bots.Sandbox.Linux;

namespace Bots.Sandbox.Shell;

/// <summary>The processes of a jail, seen from the host.</summary>
internal static class JailProcesses
{
    const int Supervisor = 2;
    const int MostRounds = 200;

    /// <summary>Everything below a process, parents first.</summary>
    public static List<(HostProcess Process, int Parent)> Below(int root)
    {
        List<(HostProcess Process, int Parent)> found = [];
        AddChildren(found, root);
        for (var i = 0; i < found.Count; i++) AddChildren(found, found[i].Process.Id);
        return found;
    }

    /// <summary>
    /// Ends a jail's shell and what it has started since a command began, orphans included. What earlier commands left in the background stays.
    /// </summary>
    /// <param name="before">What ran when the command began.</param>
    public static void Kill(Jail jail, IReadOnlySet<HostProcess> before)
    {
        // In rounds, since who is about to be killed may start another one first.
        for (var round = 0; round < MostRounds; round++)
        {
            var victims = Victims(Below(jail.Init.Id), jail, before);
            if (victims.Count == 0) return;
            foreach (var victim in victims) victim.Kill();
        }
    }

    static List<HostProcess> Victims(List<(HostProcess Process, int Parent)> inside, Jail jail, IReadOnlySet<HostProcess> before)
    {
        // An orphan has the jail's first process for a parent; so have only the supervisor and those we knew besides.
        HashSet<int> parents = [jail.Init.Id];
        List<HostProcess> victims = [];
        foreach (var (process, parent) in inside)
        {
            var number = NumberInJail(process.Id);
            if (number == Supervisor) continue;

            var isShell = number == jail.Shell && before.Contains(process);
            if (!isShell && (before.Contains(process) || !parents.Contains(parent))) continue;

            victims.Add(process);
            parents.Add(process.Id);
        }

        return victims;
    }

    /// <returns>0 when it is gone.</returns>
    static int NumberInJail(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("NSpid:", StringComparison.Ordinal));
            return line is null ? 0 : int.Parse(line.Split('\t')[^1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Each thread has its own list of those it started (proc(5), /proc/PID/task/TID/children).</summary>
    static void AddChildren(List<(HostProcess Process, int Parent)> found, int process)
    {
        try
        {
            foreach (var thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
            {
                foreach (var child in File.ReadAllText(thread + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    if (HostProcess.Find(int.Parse(child, CultureInfo.InvariantCulture)) is { } running) found.Add((running, process));
                }
            }
        }
        catch (IOException)
        {
            // It has ended: its children are the first process's now, and will be found there in the next round.
            return;
        }
    }
}
