using System.Text.Json.Serialization;

namespace Bots.Sandbox.Docker.Api;

/// <summary>The answers' parts that matter to us; the engine sends many more. Whatever an engine may leave out may be null.</summary>
internal sealed record EngineError([property: JsonPropertyName("message")] string? Message);

/// <summary>The answer to <c>GET /info</c>.</summary>
internal sealed record EngineInfo
{
    [JsonPropertyName("NCPU")]
    public int Processors { get; init; }

    public bool MemoryLimit { get; init; }

    public bool SwapLimit { get; init; }

    /// <summary>Docker's name for it. On cgroup v2 it is always there.</summary>
    public bool CpuCfsQuota { get; init; }

    public bool PidsLimit { get; init; }

    public string? CgroupVersion { get; init; }

    [JsonPropertyName("OSType")]
    public string? System { get; init; }

    public IReadOnlyList<string>? SecurityOptions { get; init; }

    public bool HasSecurity(string name) => SecurityOptions?.Any(o => o.Split(',').Contains($"name={name}")) ?? false;
}

/// <summary>One line of <c>GET /events</c>.</summary>
internal sealed record EngineEvent
{
    public string? Action { get; init; }

    public EventActor? Actor { get; init; }
}

internal sealed record EventActor([property: JsonPropertyName("ID")] string? Id);

internal sealed record ImageDetails
{
    public string? Id { get; init; }

    public ImageConfig? Config { get; init; }
}

/// <param name="Volumes">Paths that are to be writable, each as a volume of its own.</param>
internal sealed record ImageConfig(IReadOnlyDictionary<string, object>? Volumes);

internal sealed record CreatedContainer(string Id, IReadOnlyList<string>? Warnings);

internal sealed record ContainerSummary
{
    public required string Id { get; init; }

    /// <summary><c>created</c>, <c>running</c>, <c>paused</c>, <c>restarting</c>, <c>removing</c>, <c>exited</c>, <c>dead</c>.</summary>
    public required string State { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public long Created { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

internal sealed record ContainerDetails
{
    public required string Id { get; init; }

    public required ContainerState State { get; init; }
}

internal sealed record ContainerState
{
    /// <summary>The first process, as the host numbers it; 0 when it does not run.</summary>
    public int Pid { get; init; }

    public int ExitCode { get; init; }

    [JsonPropertyName("OOMKilled")]
    public bool OutOfMemory { get; init; }

    /// <summary>Why it could not be started; empty when it could.</summary>
    public string? Error { get; init; }
}

internal sealed record ContainerStatistics([property: JsonPropertyName("pids_stats")] ProcessStatistics? Processes);

internal sealed record ProcessStatistics([property: JsonPropertyName("current")] long Current);

internal sealed record VolumeDetails(string Name, IReadOnlyDictionary<string, string>? Labels);

internal sealed record VolumeList(IReadOnlyList<VolumeDetails>? Volumes);
