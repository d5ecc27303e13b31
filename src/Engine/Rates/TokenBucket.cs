namespace Bots.Engine.Rates;

/// <summary>
/// A limit's tokens, and who waits for one. What is urgent goes before everything else and may use the last token; the rest leaves the
/// reserve alone. Among equals whoever asked first is first. Knows no clock; not for several threads at once.
/// </summary>
internal sealed class TokenBucket(RateLimit limit, DateTimeOffset now)
{
    /// <summary>Who does not come back by then has nothing to send any more.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly List<Waiting> _waiting = [];
    private double _tokens = limit.Burst;
    private DateTimeOffset _at = now;

    /// <summary>How long until there is a token for this one; zero when it may spend one now. Until then it has its place in the queue.</summary>
    public TimeSpan Wait(string who, bool urgent, DateTimeOffset at)
    {
        Refill(at);
        _waiting.RemoveAll(w => w.Who != who && w.Due + Grace < at);
        var mine = _waiting.FindIndex(w => w.Who == who);
        if (mine >= 0 && _waiting[mine].Urgent != urgent)
        {
            _waiting.RemoveAt(mine);
            mine = -1;
        }

        if (mine < 0) _waiting.Insert(mine = urgent ? _waiting.Count(w => w.Urgent) : _waiting.Count, new Waiting(who, urgent, at));
        var missing = mine + 1 + (urgent ? 0 : limit.Reserve) - _tokens;
        // Timers know no less than a millisecond; what is missing by less than a tick is there.
        var wait = TimeSpan.FromMilliseconds(Math.Ceiling((missing * limit.Interval).TotalMilliseconds));
        _waiting[mine] = _waiting[mine] with { Due = at + wait };
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    /// <summary>Takes the token there was for it.</summary>
    public void Spend(string who)
    {
        _tokens--;
        _waiting.RemoveAll(w => w.Who == who);
    }

    /// <summary>Whoever gives up leaves the queue: nobody waits behind somebody who does not come.</summary>
    public void Leave(string who) => _waiting.RemoveAll(w => w.Who == who);

    /// <summary>True when nothing is lost by forgetting it.</summary>
    public bool IsFull(DateTimeOffset at)
    {
        Refill(at);
        _waiting.RemoveAll(w => w.Due + Grace < at);
        return _waiting.Count == 0 && _tokens >= limit.Burst;
    }

    private void Refill(DateTimeOffset at)
    {
        // A clock that is set back gives nothing and takes nothing.
        if (at > _at) _tokens = Math.Min(limit.Burst, _tokens + ((at - _at) / limit.Interval));
        _at = at;
    }

    private sealed record Waiting(string Who, bool Urgent, DateTimeOffset Due);
}
