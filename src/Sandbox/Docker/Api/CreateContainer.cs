namespace Bots.Sandbox.Docker.Api;

/// <summary>The body of <c>POST /containers/create</c>, with the engine's own names.</summary>
internal sealed record CreateContainer
{
    public required string Image { get; init; }

    public required IReadOnlyList<string> Entrypoint { get; init; }

    public required IReadOnlyList<string> Cmd { get; init; }

    public required IReadOnlyList<string> Env { get; init; }

    public required string User { get; init; }

    public required string WorkingDir { get; init; }

    public required string Hostname { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public bool AttachStdin { get; init; } = true;

    public bool AttachStdout { get; init; } = true;

    public bool AttachStderr { get; init; } = true;

    public bool OpenStdin { get; init; } = true;

    /// <summary>Its input ends when we let go of it.</summary>
    public bool StdinOnce { get; init; } = true;

    public bool Tty { get; init; }

    public Healthcheck Healthcheck { get; init; } = new();

    public required HostConfig HostConfig { get; init; }
}

/// <summary>None, whatever the image says.</summary>
internal sealed record Healthcheck
{
    public IReadOnlyList<string> Test { get; init; } = ["NONE"];
}

internal sealed record HostConfig
{
    public required string NetworkMode { get; init; }

    public string? UsernsMode { get; init; }

    public required string IpcMode { get; init; }

    public required string CgroupnsMode { get; init; }

    public required bool ReadonlyRootfs { get; init; }

    /// <summary>In place of the engine's own list.</summary>
    public required IReadOnlyList<string> ReadonlyPaths { get; init; }

    public required IReadOnlyList<string> CapDrop { get; init; }

    public required IReadOnlyList<string> SecurityOpt { get; init; }

    public required bool Init { get; init; }

    /// <summary>Bytes.</summary>
    public required long Memory { get; init; }

    /// <summary>Bytes, memory included.</summary>
    public required long MemorySwap { get; init; }

    /// <summary>Billionths of a processor.</summary>
    public required long NanoCpus { get; init; }

    public required long PidsLimit { get; init; }

    /// <summary>Bytes of <c>/dev/shm</c>.</summary>
    public required long ShmSize { get; init; }

    public required IReadOnlyList<Ulimit> Ulimits { get; init; }

    public required IReadOnlyDictionary<string, string> Tmpfs { get; init; }

    public required IReadOnlyList<Mount> Mounts { get; init; }

    public required LogConfig LogConfig { get; init; }

    public required RestartPolicy RestartPolicy { get; init; }
}

internal sealed record Ulimit(string Name, long Soft, long Hard);

/// <param name="Type">A driver, <c>none</c> for none.</param>
internal sealed record LogConfig(string Type);

internal sealed record RestartPolicy(string Name);

/// <param name="Type"><c>bind</c> or <c>volume</c>.</param>
internal sealed record Mount(string Type, string Source, string Target, bool ReadOnly)
{
    public VolumeOptions? VolumeOptions { get; init; }
}

/// <param name="NoCopy">Leaves out what the image has at that place.</param>
internal sealed record VolumeOptions(bool NoCopy);

/// <summary>The body of <c>POST /volumes/create</c>.</summary>
internal sealed record CreateVolume(string Name, string Driver, IReadOnlyDictionary<string, string> DriverOpts, IReadOnlyDictionary<string, string> Labels);
