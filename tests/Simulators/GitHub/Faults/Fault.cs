namespace Bots.Simulators.GitHub.Faults;

/// <summary>What can go wrong with a call.</summary>
public abstract record Fault
{
    private Fault()
    {
    }

    /// <summary>500, without effect.</summary>
    public static Fault ServerError { get; } = new Status(500, "Server Error");

    /// <summary>401 Bad credentials, as for a token that was revoked.</summary>
    public static Fault BadCredentials { get; } = new Status(401, "Bad credentials");

    /// <summary>The connection breaks before the call had any effect.</summary>
    public static Fault DropBefore { get; } = new Drop(Effect: false);

    /// <summary>The call has its effect, but its answer is lost.</summary>
    public static Fault DropAfter { get; } = new Drop(Effect: true);

    /// <summary>The call has its effect, and the connection is reset in the middle of its answer.</summary>
    public static Fault Half { get; } = new Cut();

    /// <summary>403 of the secondary rate limit, with <c>retry-after</c>.</summary>
    public static Fault SecondaryRateLimit(TimeSpan retryAfter) => new Limit(403, (int)Math.Ceiling(retryAfter.TotalSeconds));

    /// <summary>429, with <c>retry-after</c>.</summary>
    public static Fault TooManyRequests(TimeSpan retryAfter) => new Limit(429, (int)Math.Ceiling(retryAfter.TotalSeconds));

    /// <summary>Holds the call until the task is done; then it goes its way.</summary>
    public static Fault Hold(Task release) => new Held(release);

    internal sealed record Status(int Code, string Message) : Fault;

    internal sealed record Limit(int Code, int RetryAfter) : Fault;

    internal sealed record Drop(bool Effect) : Fault;

    internal sealed record Cut : Fault;

    internal sealed record Held(Task Release) : Fault;
}
