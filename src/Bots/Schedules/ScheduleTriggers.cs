using System.Data;
using Dapper;
using Quartz;

namespace Bots.Schedules;

/// <summary>Schedules in Quartz: a job and a cron trigger each, both under the schedule's name.</summary>
internal static class ScheduleTriggers
{
    public const string SchedulerName = "bots";

    private const string Group = "schedules";

    /// <summary>Read past Quartz, so that a service without schedules need not start it.</summary>
    public static IReadOnlyList<StoredSchedule> Stored(IDbConnection db) =>
        [.. db.Query<StoredSchedule>(
            """
            SELECT j.JOB_NAME AS Name, c.CRON_EXPRESSION AS Cron, c.TIME_ZONE_ID AS TimeZone FROM QRTZ_JOB_DETAILS j
            LEFT JOIN QRTZ_CRON_TRIGGERS c ON c.SCHED_NAME = j.SCHED_NAME AND c.TRIGGER_NAME = j.JOB_NAME AND c.TRIGGER_GROUP = j.JOB_GROUP
            WHERE j.SCHED_NAME = @SchedulerName AND j.JOB_GROUP = @Group
            """,
            new { SchedulerName, Group })];

    public static async Task Apply(ScheduleDifference difference, IScheduler scheduler, TimeProvider clock, CancellationToken cancellation)
    {
        await scheduler.DeleteJobs([.. difference.Remove.Select(name => new JobKey(name, Group))], cancellation);
        foreach (var schedule in difference.Keep) await Keep(schedule, scheduler, cancellation);
        foreach (var schedule in difference.Place)
        {
            await scheduler.ScheduleJob(Job(schedule), Trigger(schedule, clock), ScheduleJobOptions.Replacing, cancellation);
        }
    }

    /// <summary>The job is written anew, since a new version may have renamed it; a trigger that failed for good may try again.</summary>
    private static async Task Keep(Schedule schedule, IScheduler scheduler, CancellationToken cancellation)
    {
        await scheduler.AddJob(Job(schedule), AddJobOptions.ReplacingAndStoringNonDurable, cancellation);
        await scheduler.ResetTriggerFromErrorState(new TriggerKey(schedule.Name, Group), cancellation);
    }

    /// <summary>Recovery: a firing that a crash cut off before it was in the inbox is made again.</summary>
    private static IJobDetail Job(Schedule schedule) =>
        JobBuilder.Create<ScheduleJob>().WithIdentity(schedule.Name, Group).RequestRecovery().Build();

    /// <summary>However many firings were missed, one is made, at once.</summary>
    private static ITrigger Trigger(Schedule schedule, TimeProvider clock) =>
        TriggerBuilder.Create(clock).WithIdentity(schedule.Name, Group)
            .WithSchedule(CronScheduleBuilder.Create(schedule.Cron).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed))
            .Build();
}
