using Bots.Configuration;
using Bots.Engine.Intake;
using Bots.Engine.Sandboxes;
using Bots.Engine.Storage;
using Quartz;

namespace Bots.Schedules;

/// <summary>Section <c>Schedules</c>: prompts given by the clock, answered in Slack.</summary>
public static class SchedulesSetup
{
    /// <summary>Later than this by a firing is a missed one: several of those become one. Only a schedule to the second could fire oftener.</summary>
    private static readonly TimeSpan Missed = TimeSpan.FromSeconds(10);

    /// <summary>Needs <see cref="IStore"/>, <see cref="IInbox"/>, <see cref="SandboxPaths"/> and a <see cref="TimeProvider"/> from elsewhere.</summary>
    public static IServiceCollection AddSchedules(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(ScheduleConfiguration.Read(configuration));
        services.AddSingleton<IConfigurationCheck>(provider => new ScheduleCheck(provider.GetRequiredService<ScheduleConfiguration>(), configuration));
        services.AddSingleton<IDeliveryReader, ScheduleReader>();
        services.AddQuartz(UseStore);
        services.AddHostedService<ScheduleService>();
        return services;
    }

    private static void UseStore(IQuartzBuilder quartz)
    {
        quartz.ConfigureScheduler(scheduler => scheduler.InstanceName = ScheduleTriggers.SchedulerName);
        quartz.UsePersistentStore(store =>
        {
            store.UseSqlite(source => source.DataSourceFactory = provider => new SqliteDataSource(provider.GetRequiredService<SandboxPaths>().Database));
            store.ConfigureStore(options =>
            {
                options.MisfireThreshold = Missed;
                options.MisfireHandlerFrequency = TimeSpan.FromSeconds(30);
            });
        });
    }
}
