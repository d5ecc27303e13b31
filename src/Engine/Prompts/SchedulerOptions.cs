namespace Bots.Engine.Prompts;

/// <summary>Section <c>Scheduler</c>: how much runs and waits at once.</summary>
public sealed record SchedulerOptions
{
    /// <summary>Turns that run at once. 1 to 1,000.</summary>
    public int MaxConcurrent { get; init; } = 8;

    /// <summary>Prompts that may wait in all; more are refused. 1 to 1,000,000.</summary>
    public int MaxQueued { get; init; } = 1000;

    /// <summary>Prompts that may wait in one session; more are refused. 1 to 1,000.</summary>
    public int MaxPerSession { get; init; } = 10;

    /// <summary>Turns of one person that run at once; further ones wait. 1 to 1,000.</summary>
    public int MaxPerUser { get; init; } = 4;
}
