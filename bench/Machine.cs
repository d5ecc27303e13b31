using System.Runtime.InteropServices;

namespace Bots.Bench;

/// <summary>What it ran on: a figure without it means nothing.</summary>
public static class Machine
{
    public static string Describe() => string.Join(Environment.NewLine,
    [
        $"{Processor()}, {Environment.ProcessorCount} cores, cgroup cpu.max {Cgroup("cpu.max")}, memory.max {Cgroup("memory.max")}",
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, {FileSystem()}",
        $"load average before: {LoadAverage()}",
    ]);

    public static string LoadAverage() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]);

    /// <summary>Resident memory of a process, in MiB.</summary>
    public static double ResidentMiB(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024.0;
    }

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
        ?? RuntimeInformation.OSArchitecture.ToString();

    private static string Cgroup(string file)
    {
        // Version 2 has one line: 0::/path.
        var own = File.ReadLines("/proc/self/cgroup").FirstOrDefault(l => l.StartsWith("0::", StringComparison.Ordinal))?[3..] ?? "/";
        var path = Path.Join("/sys/fs/cgroup", own, file);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "not set";
    }

    private static string FileSystem() => $"data on {new DriveInfo(Path.GetTempPath()).DriveFormat}";
}
