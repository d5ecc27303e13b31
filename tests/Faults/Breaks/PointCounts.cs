namespace Bots.Faults.Breaks;

/// <summary>How often the service was to be killed at each point, and how often it came there.</summary>
public sealed class PointCounts
{
    private readonly SortedDictionary<string, (int Reached, int Wanted)> _counts = new(StringComparer.Ordinal);

    /// <summary>Kills at a point, of all of them.</summary>
    public int Reached => _counts.Values.Sum(count => count.Reached);

    public IEnumerable<string> ReachedPoints => _counts.Where(count => count.Value.Reached > 0).Select(count => count.Key);

    public IEnumerable<string> MissedPoints => _counts.Where(count => count.Value.Reached == 0).Select(count => count.Key);

    public void Count(string point, bool reached)
    {
        var count = _counts.GetValueOrDefault(point);
        _counts[point] = (count.Reached + (reached ? 1 : 0), count.Wanted + 1);
    }
}
