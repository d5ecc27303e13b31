using System.Globalization;

namespace Bots.Sandbox.Linux.Cgroups;

/// <summary>What is written into a group's files for our limits. Pure.</summary>
internal static class CgroupSettings
{
    /// <summary>In the order in which they are mended.</summary>
    public static readonly IReadOnlyList<string> Controllers = ["memory", "pids", "cpu"];

    // bwrap's two and the sidecar's threads are ours, not the sandbox's.
    const int OwnProcesses = 40;
    const long Period = 100_000;
    const long ShortestQuota = 1_000;

    /// <param name="Optional">True when a kernel may lack it.</param>
    public sealed record Setting(string File, string Value, bool Optional = false);

    /// <summary>In the order in which they must be written.</summary>
    public static IReadOnlyList<Setting> For(int version, string controller, ResourceLimits limits) => (version, controller) switch
    {
        // There is no swap besides: on version 1 the second limit is for memory and swap together.
        (1, "memory") => [new("memory.limit_in_bytes", Text(limits.Memory)), new("memory.memsw.limit_in_bytes", Text(limits.Memory), true), new("memory.swappiness", "0", true)],
        (2, "memory") => [new("memory.max", Text(limits.Memory)), new("memory.swap.max", "0", true), new("memory.oom.group", "0", true)],
        (_, "pids") => [new("pids.max", Text(limits.Processes + OwnProcesses))],
        (1, "cpu") => [new("cpu.cfs_period_us", Text(Period)), new("cpu.cfs_quota_us", Text(Quota(limits.Cpus)))],
        (2, "cpu") => [new("cpu.max", $"{Text(Quota(limits.Cpus))} {Text(Period)}")],
        _ => throw new ArgumentOutOfRangeException(nameof(controller), controller, "There is no such controller."),
    };

    static long Quota(double processors) => Math.Max((long)(processors * Period), ShortestQuota);

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
