using System.Text;
using Bots.Engine.Intake;
using Bots.Engine.Storage;
using Quartz;

namespace Bots.Schedules;

/// <summary>What a trigger runs: it puts the firing into the inbox, and nothing else. The job's key names the schedule.</summary>
/// <remarks>When the inbox cannot take it (a full disk), it is tried again for a quarter of an hour.</remarks>
[RetryPolicy(10, "00:00:01", 2.0)]
internal sealed partial class ScheduleJob(ScheduleConfiguration configuration, IInbox inbox, TimeProvider clock, ILogger<ScheduleJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var name = context.JobDetail.Key.Name;
        var schedule = configuration.Entries.Single(s => s.Name == name);
        var firing = new ScheduleFiring(name, context.ScheduledFireTimeUtc ?? context.FireTimeUtc, schedule.Prompt, schedule.Channel, schedule.Repository);
        var isNew = await inbox.Append(new Delivery
        {
            Surface = Schedule.Surface,
            Id = firing.Id,
            Kind = ScheduleFiring.Kind,
            Body = Encoding.UTF8.GetBytes(EngineJson.Write(firing)),
            ReceivedAt = clock.GetUtcNow(),
        }, cancellationToken);
        if (isNew) Fired(name, firing.Due, context.NextFireTimeUtc);
        else Known(name, firing.Due);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Schedule {Schedule} fired, due {Due}; next {Next}")]
    private partial void Fired(string schedule, DateTimeOffset due, DateTimeOffset? next);

    [LoggerMessage(Level = LogLevel.Information, Message = "Schedule {Schedule} fired again for {Due}; that firing is in the inbox already")]
    private partial void Known(string schedule, DateTimeOffset due);
}
