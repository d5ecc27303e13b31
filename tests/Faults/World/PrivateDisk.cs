using System.Diagnostics;

namespace Bots.Faults.World;

/// <summary>
/// A small disk in memory that only this process, and what it starts, can see: it goes with the last of them. For that the program starts itself
/// again in a mount namespace of its own, which root alone may do.
/// </summary>
internal static class PrivateDisk
{
    private const string Variable = "FAULTS_PRIVATE";
    private const string Size = "1536m";

    /// <summary>True in the second start.</summary>
    public static bool IsPossible => Environment.GetEnvironmentVariable(Variable) is not null;

    /// <returns>The second start's exit code; null when this is the second, or there can be none.</returns>
    public static async Task<int?> Enter(IEnumerable<string> arguments)
    {
        if (IsPossible || !Environment.IsPrivilegedProcess || !File.Exists("/usr/bin/unshare")) return null;
        var start = new ProcessStartInfo("/usr/bin/unshare", ["--mount", "--propagation", "private", "--", Environment.ProcessPath!]) { Environment = { [Variable] = "1" } };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(PrivateDisk).Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var again = Process.Start(start)!;
        await again.WaitForExitAsync();
        return again.ExitCode;
    }

    /// <summary>Mounts it on a folder.</summary>
    public static async Task Mount(string folder)
    {
        Directory.CreateDirectory(folder);
        using var mount = Process.Start("mount", ["-t", "tmpfs", "-o", $"size={Size},mode=700", "bots-faults", folder]);
        await mount.WaitForExitAsync();
        if (mount.ExitCode != 0) throw new InvalidOperationException($"No disk could be mounted on {folder}.");
    }
}
