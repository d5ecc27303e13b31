namespace Bots.Engine.Gateway;

/// <summary>A sandbox's attempt to reach a host, as far as it has come.</summary>
/// <param name="Id">Says which entries of the audit log belong together.</param>
/// <param name="Stage">How far it has come.</param>
/// <param name="Why">Which rule or whose decision allowed or refused it, or what went wrong.</param>
public sealed record EgressAttempt(string Id, EgressTarget Target, EgressStage Stage, string Why)
{
    /// <summary>The address that was, or would have been, connected to; null when it did not come to that.</summary>
    public string? Address { get; init; }

    public long BytesOut { get; init; }

    public long BytesIn { get; init; }

    public long Milliseconds { get; init; }
}

public enum EgressStage
{
    /// <summary>Nothing left.</summary>
    Refused,

    /// <summary>It was allowed and did not succeed.</summary>
    Failed,

    /// <summary>Bytes may go by from here on.</summary>
    Opened,

    /// <summary>It is over; the numbers are known.</summary>
    Closed,
}
