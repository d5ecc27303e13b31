using System.Diagnostics.CodeAnalysis;
using Quartz;

namespace Bots.Schedules;

/// <summary>Reads when a schedule fires: cron's five fields or macros (<c>@daily</c>), or Quartz's six or seven, which begin with seconds.</summary>
internal static class ScheduleCron
{
    /// <param name="problem">What is wrong, when it cannot be read or names no time at all (the 30th of February).</param>
    public static bool TryParse(string text, TimeZoneInfo zone, [NotNullWhen(true)] out CronExpression? cron, [NotNullWhen(false)] out string? problem)
    {
        (cron, problem) = Parse(text, zone);
        return cron is not null;
    }

    private static (CronExpression? Cron, string? Problem) Parse(string text, TimeZoneInfo zone)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is not (5 or 6 or 7) && !(fields is [['@', ..]])) return (null, $"'{text}' has {fields.Length} fields");
        try
        {
            var cron = CronExpression.Parse(string.Join(' ', fields), fields.Length is 1 or 5 ? CronFormat.Unix : CronFormat.Quartz).WithTimeZone(zone);
            return cron.GetNextValidTimeAfter(DateTimeOffset.UnixEpoch) is null ? (null, $"'{text}' never comes") : (cron, null);
        }
        catch (FormatException e)
        {
            return (null, $"'{text}' cannot be read: {e.Message}");
        }
    }
}
