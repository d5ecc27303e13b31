using System.Globalization;

namespace Bots.Sandbox.Linux.Cgroups;

/// <summary>One sandbox's groups, by their folders: several on version 1, one on version 2.</summary>
internal static class Cgroup
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    /// <summary>How often the kernel ended a process for want of memory; 0 when that is not counted.</summary>
    public static long MemoryKills(IReadOnlyList<string> groups) => Sum(groups, "oom_kill", "memory.oom_control", "memory.events");

    /// <summary>How often no process could be started; 0 when that is not counted.</summary>
    public static long ProcessRefusals(IReadOnlyList<string> groups) => Sum(groups, "max", "pids.events");

    public static IReadOnlyList<int> Processes(string group) =>
        Read(Path.Combine(group, "cgroup.procs")) is { } text ? [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line, CultureInfo.InvariantCulture))] : [];

    /// <summary>Ends whatever is still in the groups and removes them. That they are gone already is no error.</summary>
    /// <returns>False when there is still something in them after the time given.</returns>
    public static async Task<bool> Remove(IEnumerable<string> groups, TimeSpan timeout, TimeProvider time)
    {
        var began = time.GetTimestamp();
        foreach (var group in groups)
        {
            while (!TryRemove(group))
            {
                if (time.GetElapsedTime(began) > timeout) return false;
                foreach (var process in Processes(group))
                {
                    // Still in there once we have a handle on it: so it is not another process that has the number now.
                    using var handle = PidFd.Open(process);
                    if (Processes(group).Contains(process)) handle?.Kill();
                }

                await Task.Delay(Interval, time);
            }
        }

        return true;
    }

    static bool TryRemove(string group)
    {
        try
        {
            Directory.Delete(group);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    static long Sum(IReadOnlyList<string> groups, string word, params string[] files)
    {
        var lines = from @group in groups
                    from file in files
                    let text = Read(Path.Combine(@group, file))
                    where text is not null
                    from line in text.Split('\n')
                    where line.StartsWith(word + " ", StringComparison.Ordinal)
                    select long.Parse(line[(word.Length + 1)..], CultureInfo.InvariantCulture);
        return lines.Sum();
    }

    static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
