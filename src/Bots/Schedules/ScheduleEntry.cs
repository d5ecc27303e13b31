using Bots.Configuration;
using Bots.Engine;
using Quartz;

namespace Bots.Schedules;

/// <summary>One entry under <c>Schedules</c>, as far as it can be read.</summary>
internal sealed class ScheduleEntry
{
    private const int LongestName = 100;

    private readonly IConfigurationSection _section;
    private readonly List<ConfigurationProblem> _problems = [];
    private readonly Schedule? _read;

    public ScheduleEntry(IConfigurationSection section)
    {
        _section = section;
        Name = Required("Name", "Give the schedule a name; people see it as the author of its prompts.");
        if (Name.Length > LongestName) Refuse("Name", $"it is longer than {LongestName} characters", "Shorten it.");
        var (cron, repository, channel) = (Cron(), Repository(), Channel());
        var prompt = Required("Prompt", "Write what the agent is to do.");
        if (cron is not null) _read = new Schedule { Name = Name, Cron = cron, Repository = repository, Prompt = prompt, Channel = channel };
    }

    public string Name { get; }

    public IReadOnlyList<ConfigurationProblem> Problems => _problems;

    /// <summary>Null when there is any problem with it.</summary>
    public Schedule? Schedule => _problems.Count == 0 ? _read : null;

    public void Refuse(string key, string problem, string mend) => _problems.Add(new($"{_section.Path}:{key}", problem, mend));

    private CronExpression? Cron()
    {
        var text = Required("Cron", "Set it to when the schedule fires: minute, hour, day, month and weekday, such as 0 9 * * 1-5.");
        var zone = Zone();
        if (text.Length == 0) return null;
        if (ScheduleCron.TryParse(text, zone, out var cron, out var problem)) return cron;
        Refuse("Cron", problem, "Write minute, hour, day, month and weekday, such as 0 9 * * 1-5; six or seven fields begin with seconds, as in Quartz.");
        return null;
    }

    /// <summary>UTC, too, when what is written is none: the rest of the entry is read all the same.</summary>
    private TimeZoneInfo Zone()
    {
        if (Optional("TimeZone") is not { } text) return TimeZoneInfo.Utc;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone)) return zone;
        Refuse("TimeZone", $"'{text}' is not a time zone this machine knows", "Write a name such as Europe/Berlin (the names are those of the package tzdata), or remove it for UTC.");
        return TimeZoneInfo.Utc;
    }

    private RepositoryName? Repository()
    {
        if (Optional("Repository") is not { } text) return null;
        if (RepositoryName.TryParse(text, out var repository)) return repository;
        Refuse("Repository", $"'{text}' is not a repository's name", "Write owner/name, or remove it to let the prompt and the channel decide.");
        return null;
    }

    private string Channel()
    {
        var text = Required("Channel", "Set it to the Slack channel in which the answer's thread is opened: its id (C0123ABCD) or #name.");
        if (text.Length > 0 && !IsChannel(text)) Refuse("Channel", $"'{text}' is not a Slack channel", "Write the channel's id (C0123ABCD), or its name with # before it.");
        return text;
    }

    private static bool IsChannel(string text) => text is ['#', _, ..] || (char.IsAsciiLetterUpper(text[0]) && text.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c)));

    private string Required(string key, string mend)
    {
        var text = Optional(key);
        if (text is null) Refuse(key, "is not set", mend);
        return text ?? "";
    }

    private string? Optional(string key) => _section[key] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}
