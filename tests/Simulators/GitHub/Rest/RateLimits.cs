using System.Collections.Concurrent;
using Bots.Simulators.GitHub.State;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>The primary limit by the hour, and the secondary limit on content creation by minute and hour.</summary>
internal sealed class RateLimits(World world)
{
    private const int Unauthenticated = 60;

    private readonly ConcurrentDictionary<string, Usage> _usage = new(StringComparer.Ordinal);

    /// <summary>Counts a call and writes the <c>x-ratelimit</c> headers.</summary>
    /// <exception cref="ApiException">403: the limit is used up.</exception>
    public void Count(HttpContext http, Caller caller)
    {
        var limit = caller is Caller.Anonymous ? Unauthenticated : world.Options.RateLimit;
        var (used, reset) = _usage.GetOrAdd(caller.Key, _ => new Usage()).Call(world.Options.Time.GetUtcNow());
        var headers = http.Response.Headers;
        headers["x-ratelimit-limit"] = limit.ToString();
        headers["x-ratelimit-remaining"] = Math.Max(0, limit - used).ToString();
        headers["x-ratelimit-used"] = Math.Min(used, limit).ToString();
        headers["x-ratelimit-reset"] = reset.ToUnixTimeSeconds().ToString();
        headers["x-ratelimit-resource"] = "core";
        if (used > limit) throw new ApiException(403, $"API rate limit exceeded for {caller.Key}.");
    }

    /// <summary>Gives a call back that cost nothing: a 304.</summary>
    public void Refund(Caller caller) => _usage.GetValueOrDefault(caller.Key)?.Refund();

    /// <summary>Counts a write of content.</summary>
    /// <exception cref="ApiException">403 with <c>retry-after</c>: too many writes.</exception>
    public void CountContent(Caller caller)
    {
        var usage = _usage.GetOrAdd(caller.Key, _ => new Usage());
        var (minute, hour) = usage.Content(world.Options.Time.GetUtcNow());
        if (minute > world.Options.ContentCreationsPerMinute || hour > world.Options.ContentCreationsPerHour)
            throw ApiException.Secondary(retryAfter: 60);
    }

    private sealed class Usage
    {
        private readonly Lock _gate = new();
        private readonly Queue<DateTimeOffset> _writes = [];
        private DateTimeOffset _reset;
        private int _used;

        public (int Used, DateTimeOffset Reset) Call(DateTimeOffset now)
        {
            lock (_gate)
            {
                if (now >= _reset) (_used, _reset) = (0, now.AddHours(1));
                return (++_used, _reset);
            }
        }

        public void Refund()
        {
            lock (_gate) _used--;
        }

        public (int Minute, int Hour) Content(DateTimeOffset now)
        {
            lock (_gate)
            {
                while (_writes.TryPeek(out var oldest) && oldest <= now.AddHours(-1)) _writes.Dequeue();
                _writes.Enqueue(now);
                return (_writes.Count(at => at > now.AddMinutes(-1)), _writes.Count);
            }
        }
    }
}
