using System.ComponentModel.DataAnnotations;

namespace Bots.Configuration;

/// <summary>Section <c>Sandbox:Limits</c>: what one sandbox may use.</summary>
public sealed record SandboxLimits
{
    /// <summary>Processors; fractions are allowed.</summary>
    [Range(0.1, 1024)]
    public double Cpus { get; init; } = 2;

    [Range(typeof(ByteSize), "128MiB", "4TiB")]
    public ByteSize Memory { get; init; } = ByteSize.Parse("4GiB");

    /// <summary>Processes and threads.</summary>
    [Range(16, 65_536)]
    public int Processes { get; init; } = 512;

    [Range(typeof(ByteSize), "128MiB", "16TiB")]
    public ByteSize Disk { get; init; } = ByteSize.Parse("20GiB");

    /// <summary>Time one turn may take.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(90);
}
