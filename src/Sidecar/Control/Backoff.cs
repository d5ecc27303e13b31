namespace Bots.Sidecar.Control;

/// <summary>How long to wait before the next try: twice as long each time, up to a bound, and less by chance.</summary>
internal static class Backoff
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(20);

    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <param name="failures">How many tries failed in a row, from 1.</param>
    /// <param name="chance">From 0 up to 1. After a restart of the service all sandboxes come back at once: it spreads them.</param>
    /// <returns>Between half of the pause and all of it.</returns>
    public static TimeSpan Pause(int failures, double chance)
    {
        var doublings = Math.Clamp(failures - 1, 0, 16);
        var pause = TimeSpan.FromTicks(Math.Min(First.Ticks << doublings, Longest.Ticks));
        return pause * (0.5 + (chance / 2));
    }
}
