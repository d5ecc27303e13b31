using System.ComponentModel.DataAnnotations;

namespace Bots.Engine.Prompts;

/// <summary>Section <c>Scheduler</c>: how much work is admitted.</summary>
public sealed record SchedulerOptions
{
    /// <summary>Prompts that run at the same time.</summary>
    [Range(1, 10_000)]
    public int MaxConcurrent { get; init; } = 8;

    /// <summary>Prompts that may wait, over all sessions; more are refused with a visible answer.</summary>
    [Range(1, 1_000_000)]
    public int MaxQueued { get; init; } = 1000;

    /// <summary>Prompts that may wait in one session.</summary>
    [Range(1, 10_000)]
    public int MaxPerSession { get; init; } = 10;

    /// <summary>Prompts of one person that run at the same time.</summary>
    [Range(1, 10_000)]
    public int MaxPerUser { get; init; } = 4;
}
