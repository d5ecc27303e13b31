namespace Bots.Faults.Plan;

/// <summary>Something that is done to the service.</summary>
public abstract record Breakage
{
    private Breakage()
    {
    }

    /// <summary>How long after the one before.</summary>
    public required TimeSpan After { get; init; }

    /// <summary>SIGKILL, and a new start.</summary>
    /// <param name="Down">For how long nothing runs.</param>
    public sealed record Kill(TimeSpan Down) : Breakage;

    /// <summary>A call is held where it is; then SIGKILL. <see cref="Held"/> says which, before its effect or with only its answer outstanding.</summary>
    /// <param name="Hold">For how long before the kill.</param>
    public sealed record KillWhile(Held Call, TimeSpan Hold, TimeSpan Down) : Breakage;

    /// <summary>SIGKILL of itself at a named point of the flow, and a new start. Where it does not come there in time, it is killed wherever it is.</summary>
    /// <param name="Passes">The pass at which it ends, from 1.</param>
    public sealed record KillAt(string Point, int Passes, TimeSpan Down) : Breakage;

    /// <summary>SIGKILL, a new start, and SIGKILL of itself at one of the first commits of that: while it takes up what the kill before it left.</summary>
    public sealed record KillAtStart(string Point, int Passes, TimeSpan Down) : Breakage;

    /// <summary>
    /// SIGKILL, a new start, and SIGKILL as soon as something is seen to be written: sandboxes are started and resting workspaces put away while it takes up what the kill before it left.
    /// </summary>
    public sealed record KillOnFile(Writing What, TimeSpan Down) : Breakage;

    /// <summary>SIGTERM, and a new start.</summary>
    public sealed record Restart : Breakage;

    /// <summary>Some of the next calls of Slack's API go wrong.</summary>
    public sealed record SlackTrouble(string Method, Trouble Kind, int Times) : Breakage;

    /// <summary>Some of the next calls of GitHub's API, or of git, go wrong.</summary>
    public sealed record GitHubTrouble(string Calls, Trouble Kind, int Times) : Breakage;

    /// <summary>A running sandbox is killed with all in it.</summary>
    /// <param name="Which">Picks one of those that run.</param>
    public sealed record SandboxKill(int Which) : Breakage;

    /// <summary>A running sandbox stands still for a while, with all in it.</summary>
    public sealed record SandboxFreeze(int Which, TimeSpan Time) : Breakage;

    /// <summary>The connections of all sidecars break, and nothing else.</summary>
    public sealed record SidecarCut : Breakage;

    /// <summary>The service's clock jumps, and back after a while. The machine's does not.</summary>
    public sealed record ClockJump(TimeSpan By, TimeSpan Time) : Breakage;

    /// <summary>Somebody else writes to the database in one long transaction.</summary>
    public sealed record StoreBusy(TimeSpan Time) : Breakage;

    /// <summary>The disk with the data directory is full.</summary>
    public sealed record DiskFull(TimeSpan Time) : Breakage;

    /// <summary>GitHub delivers nothing for a while; then all of it.</summary>
    public sealed record WebhooksLate(TimeSpan Time) : Breakage;
}

/// <summary>What is written outside the database, where a kill may leave half of it.</summary>
public enum Writing
{
    /// <summary>A sandbox is being started, and its record written, or its container made.</summary>
    SandboxRecord,

    /// <summary>A workspace is being packed.</summary>
    Snapshot,

    /// <summary>It is packed, and the database does not know.</summary>
    SnapshotTaken,

    /// <summary>It is known, and the folders are being removed.</summary>
    PutAway,
}

public enum Held
{
    SlackPostBefore,
    SlackPostAfter,
    SlackEdit,
    PullRequest,
    Push,
    GitHubComment,
}

public enum Trouble
{
    ServerError,
    TooManyRequests,
    LostBefore,
    LostAfter,

    /// <summary>It had its effect, and the connection is reset in the middle of its answer.</summary>
    Half,
    Late,
}
