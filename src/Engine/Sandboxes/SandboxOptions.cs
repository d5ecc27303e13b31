namespace Bots.Engine.Sandboxes;

/// <summary>Section <c>Sandbox</c>: where agents run.</summary>
public sealed record SandboxOptions
{
    /// <summary><c>bubblewrap</c> or <c>docker</c>.</summary>
    public string Provider { get; init; } = "bubblewrap";

    /// <summary>A sandbox nobody uses is stopped after this long. 10 seconds to 24 hours.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Longest time one turn may take. 1 minute to 24 hours.</summary>
    public TimeSpan TurnLimit { get; init; } = TimeSpan.FromMinutes(90);
}
