using Bots.Engine.Storage;
using Bots.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Rates;

/// <summary>
/// Keeps calls below the limits of surfaces, and away from what a surface closed with a Retry-After. Whoever has to wait is told how long and
/// asks again then, with what is to be said by that time.
/// </summary>
public sealed partial class RateGate(IRateHolds stored, EngineMetrics metrics, TimeProvider clock, ILogger<RateGate> logger)
{
    /// <summary>No surface has a reason to ask for more; a longer answer is a mistake of somebody's.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestGuess = TimeSpan.FromHours(1);
    private const int MostIdle = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, TokenBucket> _buckets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _guesses = new(StringComparer.Ordinal);
    private Dictionary<string, DateTimeOffset>? _holds;

    /// <summary>Zero: the call may be made now, and is counted. Otherwise, how long until it is worth asking again.</summary>
    /// <param name="who">The same whenever the same one asks: it keeps its place in the queue.</param>
    /// <param name="urgent">Goes before everything that is not, and may use the reserve.</param>
    public TimeSpan Take(RateCall call, string who, bool urgent)
    {
        var now = Now();
        lock (_lock)
        {
            if (Left(call.Scope, now) is var held && held > TimeSpan.Zero) return held;
            var wait = TimeSpan.Zero;
            var buckets = call.Limits.Select(limit => Bucket(limit, now)).ToList();
            foreach (var bucket in buckets)
                if (bucket.Wait(who, urgent, now) is var more && more > wait) wait = more;
            if (wait > TimeSpan.Zero) return wait;
            foreach (var bucket in buckets) bucket.Spend(who);
            return TimeSpan.Zero;
        }
    }

    /// <summary>As <see cref="Take"/>, and waits for as long as <paramref name="patience"/> itself.</summary>
    /// <param name="as">Keeps its place in the queue when it comes back under the same name; null for who may come back as somebody else.</param>
    public async Task<TimeSpan> Enter(RateCall call, bool urgent, TimeSpan patience, CancellationToken cancellation, string? @as = null)
    {
        var who = @as ?? Guid.NewGuid().ToString();
        try
        {
            return await Enter(call, who, urgent, patience, cancellation);
        }
        finally
        {
            if (@as is null) Leave(call, who);
        }
    }

    private async Task<TimeSpan> Enter(RateCall call, string who, bool urgent, TimeSpan patience, CancellationToken cancellation)
    {
        var until = Now() + patience;
        while (true)
        {
            var wait = Take(call, who, urgent);
            if (wait == TimeSpan.Zero || Now() + wait > until) return wait;
            await Task.Delay(wait, clock, cancellation);
        }
    }

    private void Leave(RateCall call, string who)
    {
        lock (_lock)
            foreach (var limit in call.Limits)
                if (_buckets.TryGetValue(limit.Name, out var bucket)) bucket.Leave(who);
    }

    /// <summary>For how long a scope is still closed; zero when it is open.</summary>
    public TimeSpan Held(string scope)
    {
        lock (_lock) return Left(scope, Now());
    }

    /// <summary>A surface refused a call because there were too many: nothing of the scope is called before the pause is over, in this life of the service and the next.</summary>
    /// <param name="asked">Null when the surface does not say: a minute then, and twice as long each time in a row.</param>
    /// <returns>For how long it is closed.</returns>
    public async Task<TimeSpan> Hold(string scope, TimeSpan? asked)
    {
        var (now, time) = (Now(), clock.GetUtcNow());
        TimeSpan pause;
        lock (_lock)
        {
            pause = asked is { } said ? TimeSpan.FromTicks(Math.Clamp(said.Ticks, Shortest.Ticks, Longest.Ticks)) : Guess(scope);
            if (Left(scope, now) >= pause) return Left(scope, now);
            _holds![scope] = now + pause;
        }

        Closed(logger, scope, pause.TotalSeconds);
        metrics.RateLimited(pause, scope.Split(':')[0]);
        try
        {
            await stored.Save(scope, time + pause);
        }
        catch (StoreException e)
        {
            // It holds as long as the service lives; after that, the surface will say so again.
            NotStored(logger, scope, e);
        }

        return pause;
    }

    /// <summary>A call of the scope went well.</summary>
    public void Passed(string scope)
    {
        lock (_lock) _guesses.Remove(scope);
    }

    private TimeSpan Guess(string scope)
    {
        var before = _guesses.GetValueOrDefault(scope);
        _guesses[scope] = before + 1;
        var minutes = TimeSpan.FromMinutes(1 << Math.Min(before, 6));
        return minutes < LongestGuess ? minutes : LongestGuess;
    }

    /// <summary>By a clock that nobody can set.</summary>
    private DateTimeOffset Now() => DateTimeOffset.UnixEpoch + clock.Steady();

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private TimeSpan Left(string scope, DateTimeOffset now)
    {
        // Read when first asked: by then the store has been brought up to date.
        _holds ??= stored.Open(clock.GetUtcNow()).ToDictionary(hold => hold.Key, hold => now + Shorter(hold.Value - clock.GetUtcNow(), Longest), StringComparer.Ordinal);
        return _holds.TryGetValue(scope, out var until) && until > now ? until - now : TimeSpan.Zero;
    }

    private TokenBucket Bucket(RateLimit limit, DateTimeOffset now)
    {
        if (_buckets.TryGetValue(limit.Name, out var bucket)) return bucket;
        if (_buckets.Count >= MostIdle)
            foreach (var (name, _) in _buckets.Where(b => b.Value.IsFull(now)).ToList()) _buckets.Remove(name);
        return _buckets[limit.Name] = new TokenBucket(limit, now);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Scope} has had too many calls; it is left alone for {Seconds:0} s")]
    private static partial void Closed(ILogger logger, string scope, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "That {Scope} is closed could not be stored")]
    private static partial void NotStored(ILogger logger, string scope, Exception e);
}
