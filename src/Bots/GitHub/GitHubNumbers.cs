using System.Globalization;

namespace Bots.GitHub;

/// <summary>Numbers as people read them.</summary>
public static class GitHubNumbers
{
    /// <summary>Elapsed time that changes every half minute at most, so that a comment is not edited for nothing else.</summary>
    public static string Coarse(TimeSpan elapsed) => elapsed.TotalSeconds switch
    {
        < 30 => "just started",
        < 300 => Exact(TimeSpan.FromSeconds(30 * Math.Floor(elapsed.TotalSeconds / 30))),
        _ => Exact(TimeSpan.FromMinutes(Math.Floor(elapsed.TotalMinutes))),
    };

    public static string Exact(TimeSpan time)
    {
        var (hours, minutes, seconds) = ((int)time.TotalHours, time.Minutes, time.Seconds);
        if (hours > 0) return minutes > 0 ? $"{hours} h {minutes} min" : $"{hours} h";
        if (minutes > 0) return seconds > 0 ? $"{minutes} min {seconds} s" : $"{minutes} min";
        return $"{seconds} s";
    }

    public static string Count(long number) => number switch
    {
        < 1_000 => number.ToString(CultureInfo.InvariantCulture),
        < 1_000_000 => (number / 1_000m).ToString("0.#k", CultureInfo.InvariantCulture),
        _ => (number / 1_000_000m).ToString("0.##M", CultureInfo.InvariantCulture),
    };

    public static string Dollars(decimal cost) => "$" + cost.ToString(cost is > 0 and < 0.01m ? "0.0000" : "0.00", CultureInfo.InvariantCulture);
}
