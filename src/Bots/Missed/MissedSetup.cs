using Bots.GitHub;
using Bots.Slack;

namespace Bots.Missed;

/// <summary>Takes in what surfaces could not deliver. Needs the surfaces and the engine.</summary>
internal static class MissedSetup
{
    public static IServiceCollection AddMissed(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<MissedLooks>();
        if (SlackSetup.IsEnabled(configuration.GetSection(SlackOptions.Section))) services.AddSingleton<SlackHaunts>().AddSingleton<IMissedDeliveries, SlackMissed>();
        // A plain token has no list of deliveries: its webhooks belong to repositories.
        if (!string.IsNullOrEmpty(configuration["GitHub:AppId"])) services.AddSingleton<IMissedDeliveries, GitHubMissed>();
        services.AddSingleton<IHostedService, MissedLoops>();
        return services;
    }
}
