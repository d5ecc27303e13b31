using Bots.Sandbox.Linux.Cgroups;

namespace Bots.Sandbox.Docker;

/// <summary>A container's cgroups, where the engine runs on this machine and they can be seen: they count what the engine does not.</summary>
internal static class ContainerGroups
{
    const string Root = "/sys/fs/cgroup";

    /// <param name="pid">The container's first process, as the engine numbers it.</param>
    /// <returns>The groups' folders, memory first; empty when they cannot be seen.</returns>
    public static IReadOnlyList<string> Find(int pid, string container)
    {
        try
        {
            return pid <= 0 ? [] : [.. Folders(File.ReadAllText($"/proc/{pid}/cgroup"), container).Where(Directory.Exists)];
        }
        catch (Exception unseen) when (unseen is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public static IReadOnlyList<(ResourceLimit Limit, long Count)> Counts(IReadOnlyList<string> groups) =>
        [(ResourceLimit.Memory, Cgroup.MemoryKills(groups)), (ResourceLimit.Processes, Cgroup.ProcessRefusals(groups))];

    /// <param name="cgroup">What <c>/proc/PID/cgroup</c> says (cgroups(7)). The process of that number is another one where the engine runs elsewhere.</param>
    internal static IEnumerable<string> Folders(string cgroup, string container)
    {
        var groups = cgroup.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':', 3)).Where(g => g[2].Contains(container, StringComparison.Ordinal)).ToList();
        foreach (var controller in (string[])["memory", "pids"])
        {
            if (groups.Find(g => g[1].Split(',').Contains(controller)) is { } old) yield return Path.Join(Root, old[1], old[2]);
        }

        if (groups.Find(g => g[0] == "0") is { } unified) yield return Path.Join(Root, unified[2]);
    }
}
