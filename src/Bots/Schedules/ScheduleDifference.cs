namespace Bots.Schedules;

/// <summary>A schedule as the scheduler has stored it.</summary>
/// <param name="Cron">In Quartz's own spelling; null when its last firing is still under way and it has no other.</param>
/// <param name="TimeZone">The zone's id.</param>
internal sealed record StoredSchedule(string Name, string? Cron, string? TimeZone);

/// <summary>What must happen so that what is stored becomes what is configured.</summary>
internal sealed record ScheduleDifference
{
    /// <summary>New, or to fire at other times than before: they start afresh.</summary>
    public required IReadOnlyList<Schedule> Place { get; init; }

    /// <summary>They fire when they did: their stored next firing stays, even if it has been missed.</summary>
    public required IReadOnlyList<Schedule> Keep { get; init; }

    /// <summary>Their last time has passed (a year is named in them), so they cannot be placed.</summary>
    public required IReadOnlyList<Schedule> Over { get; init; }

    /// <summary>The names of those that are stored and no longer wanted.</summary>
    public required IReadOnlyList<string> Remove { get; init; }

    public bool HasFirings => Place.Count + Keep.Count > 0;

    public static ScheduleDifference Between(IReadOnlyList<Schedule> configured, IReadOnlyList<StoredSchedule> stored, DateTimeOffset now)
    {
        var keep = configured.Where(c => stored.Any(s => IsSame(c, s))).ToList();
        var other = configured.Except(keep).ToLookup(c => c.Cron.GetNextValidTimeAfter(now) is not null);
        var place = other[true].ToList();
        return new ScheduleDifference
        {
            Place = place,
            Keep = keep,
            Over = [.. other[false]],
            Remove = [.. stored.Select(s => s.Name).Except(keep.Concat(place).Select(c => c.Name))],
        };
    }

    private static bool IsSame(Schedule configured, StoredSchedule stored) =>
        configured.Name == stored.Name && configured.Cron.CronExpressionString == stored.Cron && configured.Cron.TimeZone.Id == stored.TimeZone;
}
