using Bots.Engine.Permissions;
using Bots.Engine.Prompts;
using Bots.Engine.Retention;

namespace Bots.Configuration;

/// <summary>The options no other feature brings itself, and their checks.</summary>
public static class ConfigurationSetup
{
    /// <summary>Adds <see cref="BotsOptions"/>, <see cref="SchedulerOptions"/>, <see cref="PermissionsOptions"/>, <see cref="RetentionOptions"/> and <see cref="SandboxLimits"/>, and the check of <c>Urls</c>.</summary>
    public static IServiceCollection AddConfiguration(this IServiceCollection services, IConfiguration configuration) =>
        services
            .AddSingleton<IConfigurationCheck>(new UrlsCheck(configuration))
            .AddCheckedOptions<BotsOptions>(configuration, "Bots")
            .AddCheckedOptions<SchedulerOptions>(configuration, "Scheduler")
            .AddCheckedOptions<PermissionsOptions>(configuration, "Permissions")
            .AddSingleton<IConfigurationCheck>(p => new PermissionsOptionsCheck(p.GetRequiredService<PermissionsOptions>()))
            .AddCheckedOptions<RetentionOptions>(configuration, "Retention")
            .AddCheckedOptions<SandboxLimits>(configuration, "Sandbox:Limits");
}
