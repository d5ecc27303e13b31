using System.Collections.Concurrent;

namespace Bots.Simulators.Slack.Api;

/// <summary>Token buckets, one per method or, for posts, per channel.</summary>
internal sealed class RateLimiter(SlackRateLimits limits, TimeProvider time)
{
    private static readonly HashSet<string> Tier2 = new(StringComparer.Ordinal) { "reactions.remove", "conversations.list" };

    private static readonly HashSet<string> Tier3 = new(StringComparer.Ordinal)
    {
        "chat.update", "chat.delete", "reactions.add", "conversations.info", "conversations.replies", "conversations.history", "conversations.open", "users.lookupByEmail",
    };

    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    /// <summary>How long to wait, or null when the call may pass.</summary>
    public TimeSpan? Take(string method, string? channel)
    {
        if (!limits.Enforced)
            return null;
        var (key, interval, burst) = method == "chat.postMessage"
            ? ($"{method} {channel}", limits.PostInterval, limits.PostBurst)
            : (method, TimeSpan.FromMinutes(1) / PerMinute(method), PerMinute(method));
        return _buckets.GetOrAdd(key, _ => new Bucket(interval, burst, time.GetUtcNow())).Take(time.GetUtcNow());
    }

    private int PerMinute(string method) => Tier2.Contains(method) ? limits.Tier2 : Tier3.Contains(method) ? limits.Tier3 : limits.Tier4;

    private sealed class Bucket(TimeSpan interval, int burst, DateTimeOffset start)
    {
        private readonly Lock _lock = new();
        private double _tokens = burst;
        private DateTimeOffset _at = start;

        public TimeSpan? Take(DateTimeOffset now)
        {
            lock (_lock)
            {
                _tokens = Math.Min(burst, _tokens + ((now - _at) / interval));
                _at = now;
                if (_tokens < 1)
                    return (1 - _tokens) * interval;
                _tokens--;
                return null;
            }
        }
    }
}
