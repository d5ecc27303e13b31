using System.Diagnostics;
using Bots.Sandbox.Wire;

namespace Bots.Sidecar.Processes;

internal static class Spawn
{
    /// <summary>The shell's code for a command that is not there.</summary>
    public const int NotFound = 127;

    /// <summary>
    /// Starts a command in a session of its own, so that it can be ended together with whatever it starts.
    /// <c>setsid</c> becomes the command itself: same process id, same pipes, 127 when there is no such command.
    /// </summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It could not be started: no such folder, for example.</exception>
    public static Process Start(Launch launch, IReadOnlyDictionary<string, string> added)
    {
        var info = new ProcessStartInfo("/usr/bin/setsid")
        {
            WorkingDirectory = launch.WorkingDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.ArgumentList.Add("--");
        info.ArgumentList.Add(launch.Command);
        foreach (var argument in launch.Arguments) info.ArgumentList.Add(argument);
        foreach (var (name, value) in added) info.Environment[name] = value;
        foreach (var (name, value) in launch.Environment) info.Environment[name] = value;

        return Process.Start(info) ?? throw new InvalidOperationException("No process was started.");
    }
}
