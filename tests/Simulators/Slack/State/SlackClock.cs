namespace Bots.Simulators.Slack.State;

/// <summary>Message timestamps: seconds with six decimals, never the same twice.</summary>
internal sealed class SlackClock(TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _last;

    public DateTimeOffset Now => time.GetUtcNow();

    public string NextTs()
    {
        lock (_lock)
        {
            var micros = (Now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            _last = Math.Max(micros, _last + 1);
            return $"{_last / 1_000_000}.{_last % 1_000_000:D6}";
        }
    }
}
