using Bots.Configuration;
using Bots.Engine.Surfaces;

namespace Bots.Schedules;

internal sealed class ScheduleCheck(ScheduleConfiguration configuration, IEnumerable<ISurface> surfaces) : IConfigurationCheck
{
    public IEnumerable<ConfigurationProblem> Check() =>
        configuration.Entries.Count == 0 || surfaces.Any(s => s.Name == ScheduleReader.Shows)
            ? configuration.Problems
            : [.. configuration.Problems, new(ScheduleConfiguration.Section, "schedules answer in Slack, and Slack is not configured", "Set Slack:BotToken and Slack:SigningSecret, or remove the schedules.")];
}
