using System.Collections.Concurrent;

namespace Bots.Faults;

/// <summary>What was done and when, for whoever has to find out what went wrong.</summary>
public sealed class Timeline
{
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private readonly ConcurrentQueue<(TimeSpan At, string What)> _entries = new();
    private TimeSpan? _calm;

    public TimeSpan Now => TimeProvider.System.GetElapsedTime(_start);

    /// <summary>For how long nothing has been broken any more; zero while something may be.</summary>
    public TimeSpan SinceCalm => _calm is { } calm ? Now - calm : TimeSpan.Zero;

    public void Calm() => _calm = Now;

    public void Add(string what) => _entries.Enqueue((Now, what));

    /// <summary>The lines that concern one of these words, and all that was broken.</summary>
    public IEnumerable<string> About(IReadOnlyCollection<string> words) =>
        from entry in _entries
        where entry.What.StartsWith("break", StringComparison.Ordinal) || words.Any(word => entry.What.Contains(word, StringComparison.Ordinal))
        select $"{entry.At.TotalSeconds,8:0.000} {entry.What}";
}
