namespace Bots.Schedules;
public static class SchedulesSetup { public static IServiceCollection AddSchedules(this IServiceCollection services, IConfiguration configuration) => services; }
