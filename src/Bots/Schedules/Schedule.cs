using Bots.Engine;
using Quartz;

namespace Bots.Schedules;

/// <summary>A prompt that is given by the clock instead of a person.</summary>
internal sealed record Schedule
{
    /// <summary>The surface under which firings stand in the inbox.</summary>
    public const string Surface = "schedule";

    /// <summary>Unique among the schedules. A schedule of another name is another schedule.</summary>
    public required string Name { get; init; }

    /// <summary>When it fires, in its time zone.</summary>
    public required CronExpression Cron { get; init; }

    /// <summary>Where the work is done; null leaves it to the words of the prompt and to the channel.</summary>
    public RepositoryName? Repository { get; init; }

    public required string Prompt { get; init; }

    /// <summary>The Slack channel in which the thread is opened: an id, or <c>#name</c>.</summary>
    public required string Channel { get; init; }
}
