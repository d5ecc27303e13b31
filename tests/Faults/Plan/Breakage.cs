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

    /// <summary>SIGTERM, and a new start.</summary>
    public sealed record Restart : Breakage;

    /// <summary>Some of the next calls of Slack's API go wrong.</summary>
    public sealed record SlackTrouble(string Method, Trouble Kind, int Times) : Breakage;

    /// <summary>Some of the next calls of GitHub's API, or of git, go wrong.</summary>
    public sealed record GitHubTrouble(string Calls, Trouble Kind, int Times) : Breakage;

    /// <summary>A running sandbox is killed with all in it.</summary>
    /// <param name="Which">Picks one of those that run.</param>
    public sealed record SandboxKill(int Which) : Breakage;
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
    Late,
}
