using System.Runtime.InteropServices;

namespace Bots.Sandbox.Bubblewrap;

/// <summary>All paths are absolute.</summary>
public sealed record BubblewrapOptions
{
    /// <summary>Where the provider remembers what it started; each instance of the service has its own. Made when missing.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The folder that will hold <c>control.sock</c>.</summary>
    public required string ControlDirectory { get; init; }

    /// <summary>Where the sidecar's files are.</summary>
    public string SidecarDirectory { get; init; } = Path.Combine(AppContext.BaseDirectory, "sidecar");

    /// <summary>The .NET installation that runs the sidecar: the one that runs this process.</summary>
    public string DotnetRoot { get; init; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    /// <summary>A name to be found in <c>PATH</c>, or a path.</summary>
    public string Command { get; init; } = "bwrap";

    /// <summary>How long the sidecar may take until it runs.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the processes of a sandbox may take to go after they were killed. The last one takes the workspace's overlay with it, for which the kernel first writes to disk what it has yet to write.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Added to the environment of everything in the sandbox.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>False makes a prepared tree's workspace a copy even where an overlay could be mounted.</summary>
    internal bool Overlays { get; init; } = true;

    /// <returns>Null when there is no such program.</returns>
    internal string? FindCommand() =>
        Path.IsPathRooted(Command)
            ? (File.Exists(Command) ? Command : null)
            : (System.Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(':').Select(p => Path.Combine(p, Command)).FirstOrDefault(File.Exists);
}
