using Bots.Engine.Storage;
using Quartz;

namespace Bots.Schedules;

/// <summary>Brings the stored schedules to what is configured and runs the scheduler; without schedules, there is none.</summary>
/// <remarks>It needs the store because that makes the scheduler's tables.</remarks>
internal sealed partial class ScheduleService(
    ScheduleConfiguration configuration, IStore store, ISchedulerFactory schedulers, TimeProvider clock, ILogger<ScheduleService> logger) : IHostedService
{
    private IScheduler? _scheduler;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var stored = store.Read(ScheduleTriggers.Stored);
        if (configuration.Entries.Count == 0 && stored.Count == 0) return;

        var difference = ScheduleDifference.Between(configuration.Entries, stored, clock.GetUtcNow());
        _scheduler = await schedulers.GetScheduler(cancellationToken);
        await ScheduleTriggers.Apply(difference, _scheduler, clock, cancellationToken);
        Report(difference);
        if (difference.HasFirings) await _scheduler.Start(cancellationToken);
    }

    /// <summary>A firing on its way into the inbox is waited for.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_scheduler is not null) await _scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
    }

    private void Report(ScheduleDifference difference)
    {
        foreach (var name in difference.Remove) Removed(name);
        foreach (var schedule in difference.Over) IsOver(schedule.Name);
        foreach (var schedule in difference.Place) Placed(schedule.Name, schedule.Cron.CronExpressionString, schedule.Cron.TimeZone.Id);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Schedule {Schedule} fires at {Cron}, {TimeZone}")]
    private partial void Placed(string schedule, string cron, string timeZone);

    [LoggerMessage(Level = LogLevel.Information, Message = "Schedule {Schedule} is removed")]
    private partial void Removed(string schedule);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Schedule {Schedule} will not fire any more: its last time has passed")]
    private partial void IsOver(string schedule);
}
