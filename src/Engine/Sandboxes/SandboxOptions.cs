namespace Bots.Engine.Sandboxes;

/// <summary>Section <c>Sandbox</c>: where agents run.</summary>
public sealed record SandboxOptions
{
    /// <summary><c>bubblewrap</c> or <c>docker</c>.</summary>
    public string Provider { get; init; } = "bubblewrap";

    /// <summary>Provider docker: images repositories may name, the default one among them; <c>*</c> stands for any part.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>A sandbox nobody uses is stopped after this long. 10 seconds to 24 hours.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long what a session left behind can be taken up again. 1 hour to 365 days.</summary>
    public TimeSpan SnapshotsKept { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How often the trees of the repositories in use are brought up to date. 1 minute to 7 days; zero prepares none.</summary>
    public TimeSpan PrepareEvery { get; init; } = TimeSpan.FromMinutes(30);

    public PoolOptions Pool { get; init; } = new();

    /// <summary>Longest time one turn may take. 1 minute to 24 hours.</summary>
    public TimeSpan TurnLimit { get; init; } = TimeSpan.FromMinutes(90);
}

/// <summary>Section <c>Sandbox:Pool</c>: sandboxes kept warm for whoever comes next.</summary>
public sealed record PoolOptions
{
    /// <summary>How many may be warm at once, in all. 0 to 100; 0 keeps none.</summary>
    public int Size { get; init; } = 2;

    /// <summary>How many are always warm for each repository in use; others are warmed when somebody is about to ask. 0 to 10.</summary>
    public int Minimum { get; init; }

    /// <summary>A warm sandbox older than this is replaced. 1 minute to 24 hours.</summary>
    public TimeSpan MaximumAge { get; init; } = TimeSpan.FromHours(1);
}
