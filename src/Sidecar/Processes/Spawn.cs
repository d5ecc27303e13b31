using System.Diagnostics;
using Bots.Sandbox.Wire;

namespace Bots.Sidecar.Processes;

internal static class Spawn
{
    const string SetSid = "/usr/bin/setsid";

    /// <summary>
    /// .NET ignores SIGPIPE, and whoever started the service may have ignored the interrupt (a script does, of what it runs in the
    /// background): a child would ignore them as well, and no shell can undo that. <c>env</c> does, and becomes the command.
    /// </summary>
    static readonly string[] AllSignals = ["/usr/bin/env", "--default-signal"];

    /// <summary>The shell's code for a command that is not there.</summary>
    public const int NotFound = 127;

    /// <summary>
    /// Starts a command in a session of its own, so that it can be ended together with whatever it starts.
    /// <c>setsid</c> becomes the command itself: same process id, same pipes, 127 when there is no such command.
    /// </summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It could not be started: no such folder, for example.</exception>
    public static Process Start(Launch launch, IReadOnlyDictionary<string, string> added) => Start([.. AllSignals, SetSid, "--"], launch, added);

    /// <summary>
    /// Starts a command as the leader of a terminal. The shell opens the terminal, since .NET can only hand over pipes, and becomes
    /// <c>setsid</c>, which makes it the terminal of the new session and becomes the command. Whatever they say of a failure is on the error output.
    /// </summary>
    /// <param name="terminal">The path of the program's end.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">As above.</exception>
    public static Process StartOn(string terminal, Launch launch, IReadOnlyDictionary<string, string> added)
    {
        var process = Start(["/bin/sh", "-c", "terminal=$1; shift; exec \"$@\" <\"$terminal\" >\"$terminal\" 2>&1", "sh", terminal, .. AllSignals, SetSid, "--ctty", "--"], launch, added);
        process.StandardInput.Dispose();
        return process;
    }

    static Process Start(ReadOnlySpan<string> before, Launch launch, IReadOnlyDictionary<string, string> added)
    {
        var info = new ProcessStartInfo(before[0])
        {
            WorkingDirectory = launch.WorkingDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in before[1..]) info.ArgumentList.Add(argument);
        info.ArgumentList.Add(launch.Command);
        foreach (var argument in launch.Arguments) info.ArgumentList.Add(argument);
        foreach (var (name, value) in added) info.Environment[name] = value;
        foreach (var (name, value) in launch.Environment) info.Environment[name] = value;

        return Process.Start(info) ?? throw new InvalidOperationException("No process was started.");
    }
}
