using Bots.Configuration;

namespace Bots.Schedules;

/// <summary>Section <c>Schedules</c>: the entries that are whole, and what is wrong with the others.</summary>
internal sealed record ScheduleConfiguration(IReadOnlyList<Schedule> Entries, IReadOnlyList<ConfigurationProblem> Problems)
{
    public const string Section = "Schedules";

    public static ScheduleConfiguration Read(IConfiguration configuration)
    {
        var entries = configuration.GetSection(Section).GetChildren().Select(section => new ScheduleEntry(section)).ToList();
        var repeated = entries.Where(e => e.Name.Length > 0).GroupBy(e => e.Name, StringComparer.OrdinalIgnoreCase).SelectMany(same => same.Skip(1)).ToList();
        foreach (var entry in repeated) entry.Refuse("Name", $"there is another schedule '{entry.Name}'", "Give each schedule a name of its own.");
        return new([.. entries.Select(e => e.Schedule).OfType<Schedule>()], [.. entries.SelectMany(e => e.Problems)]);
    }
}
