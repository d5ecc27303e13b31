namespace Bots.Sandbox;

/// <summary>What one sandbox may use of the machine.</summary>
public sealed record ResourceLimits
{
    /// <summary>Processors; fractions are allowed. More than 0.</summary>
    public double Cpus { get; init; } = 2;

    /// <summary>Bytes of memory, what lies in <c>/tmp</c> included. There is no swap besides.</summary>
    public long Memory { get; init; } = 4L << 30;

    /// <summary>Processes and threads.</summary>
    public int Processes { get; init; } = 512;

    /// <summary>Bytes on disk: workspace (without its prepared tree) and home.</summary>
    public long Disk { get; init; } = 20L << 30;
}

public enum ResourceLimit
{
    /// <summary>The kernel ended the process that asked for too much; the others go on.</summary>
    Memory,

    /// <summary>No further process could be started.</summary>
    Processes,

    /// <summary>The sandbox's files take more room than they may.</summary>
    Disk,
}

/// <summary>A sandbox reached one of its limits.</summary>
/// <param name="Allowed">The limit: bytes, or processes.</param>
public sealed record LimitBreach(SandboxId Sandbox, ResourceLimit Limit, long Allowed);
