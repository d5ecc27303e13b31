namespace Bots.Sandbox.Sidecars;

/// <summary>
/// What goes on in a sandbox, to tell an idle one from one that is at work. All of it is what the sandbox says of itself: its programs
/// can make it look busy or idle.
/// </summary>
public sealed record SandboxActivity
{
    /// <summary>
    /// Since a file or folder in <c>/workspace</c> changed, by their times; null when there is none. Changes within files below <c>.git</c>
    /// and <c>node_modules</c> do not count, files that come and go right in those two do.
    /// </summary>
    public required TimeSpan? SinceFileChange { get; init; }

    /// <summary>False when there were more than 100,000 files, or looking took half a second: a newer change may have been missed.</summary>
    public required bool AllFilesSeen { get; init; }

    /// <summary>Since something was typed at, or shown by, a terminal; null when there never was one.</summary>
    public required TimeSpan? SinceTerminalActivity { get; init; }

    public required int OpenTerminals { get; init; }

    /// <summary>How many processes run besides the sidecar and the programs it was told to start (the agent, a terminal's shell): tests, servers, what the agent started.</summary>
    public required int OtherProcesses { get; init; }

    /// <summary>The names of the first 20 of them.</summary>
    public required IReadOnlyList<string> ProcessNames { get; init; }
}
