namespace Bots.Sandbox.Linux;

/// <summary>A limit that was reached, and told of.</summary>
/// <param name="Count">The kernel's counter when it was last looked at.</param>
/// <param name="Last">When it was last reached.</param>
internal sealed record ReachedLimit(ResourceLimit Limit, long Count, DateTimeOffset Last);

/// <summary>A limit that is run into again and again is reached once, until it was left alone for a while. Pure.</summary>
internal static class LimitEpisodes
{
    public static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    /// <param name="before">Null when it was never reached.</param>
    /// <param name="count">How often it was reached until now.</param>
    /// <returns>What to remember, and whether people are to be told.</returns>
    public static (ReachedLimit? After, bool Tell) Next(ResourceLimit limit, ReachedLimit? before, long count, DateTimeOffset now)
    {
        if (count <= (before?.Count ?? 0)) return (before, false);
        var tell = before is null || now - before.Last >= Quiet;
        // Whoever stays over the limit of files goes on filling the disk: that is said again each minute, until somebody ends it.
        return (new ReachedLimit(limit, count, tell || limit != ResourceLimit.Disk ? now : before!.Last), tell);
    }
}
