using System.Diagnostics;

namespace Bots.Engine.Workspaces;

internal static class Folders
{
    /// <summary>Deletes a folder that sandboxes wrote to, whatever modes and depths they left behind. Links are removed, never followed.</summary>
    /// <exception cref="IOException">Something of it is still there.</exception>
    public static void Delete(string folder)
    {
        if (!Directory.Exists(folder)) return;
        // Not by .NET: folders may be nested deeper than a path can be long.
        Run("rm", "-rf", "--", folder);
        if (!Directory.Exists(folder)) return;
        // Or closed to their own owner.
        Run("chmod", "-R", "u+rwX", "--", folder);
        Run("rm", "-rf", "--", folder);
        if (Directory.Exists(folder)) throw new IOException($"{folder} could not be removed.");
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo($"/bin/{command}", arguments) { UseShellExecute = false, RedirectStandardError = true })
            ?? throw new IOException($"{command} did not start.");
        process.StandardError.ReadToEnd();
        process.WaitForExit();
    }
}
