using Bots.Configuration;
using Bots.Slack;

namespace Bots.Schedules;

/// <remarks>Asks the configuration whether there is Slack: the surface itself cannot be made while Slack's section is unreadable.</remarks>
internal sealed class ScheduleCheck(ScheduleConfiguration schedules, IConfiguration configuration) : IConfigurationCheck
{
    public IEnumerable<ConfigurationProblem> Check() =>
        schedules.Entries.Count + schedules.Problems.Count == 0 || SlackSetup.IsEnabled(configuration.GetSection(SlackOptions.Section))
            ? schedules.Problems
            : [.. schedules.Problems, new(ScheduleConfiguration.Section, "schedules answer in Slack, and Slack is not configured", "Set Slack:BotToken and Slack:SigningSecret, or remove the schedules.")];
}
