using System.Runtime.InteropServices;

namespace Bots.Sandbox.Docker;

/// <summary>All paths are absolute, and mean the same to the engine as to us.</summary>
public sealed record DockerOptions
{
    const string Scheme = "unix://";

    /// <summary>The engine's Unix socket: <c>DOCKER_HOST</c>, or Docker's own place.</summary>
    public string Socket { get; init; } = FromHost(System.Environment.GetEnvironmentVariable("DOCKER_HOST"));

    /// <summary>What sandboxes are made of unless they ask for something else: any image with glibc, libssl and <c>/bin/sh</c>.</summary>
    public string Image { get; init; } = "bots-sandbox:latest";

    /// <summary>Tells this installation's sandboxes from those of others that use the same engine.</summary>
    public required string Instance { get; init; }

    /// <summary>The folder that will hold <c>control.sock</c>. User 1000 must be able to connect to it, if the service runs as root.</summary>
    public required string ControlDirectory { get; init; }

    /// <summary>Where the sidecar's files are.</summary>
    public string SidecarDirectory { get; init; } = Path.Combine(AppContext.BaseDirectory, "sidecar");

    /// <summary>The .NET installation that runs the sidecar: the one that runs this process.</summary>
    public string DotnetRoot { get; init; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    /// <summary>How long a sandbox may take until its sidecar runs.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the engine may take to remove what it was told to.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Added to the environment of everything in the sandbox.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <returns>The path of a Unix socket; anything else as it is, for the check to complain of.</returns>
    internal static string FromHost(string? host) =>
        string.IsNullOrWhiteSpace(host) ? "/var/run/docker.sock" : host.StartsWith(Scheme, StringComparison.Ordinal) ? host[Scheme.Length..] : host;
}
