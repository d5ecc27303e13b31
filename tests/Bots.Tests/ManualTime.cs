namespace Bots.Tests;

/// <summary>A clock that stands until it is moved. Set back, it shows an earlier time of day, and no time has passed.</summary>
public sealed class ManualTime(DateTimeOffset now) : TimeProvider
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private DateTimeOffset _now = now;
    private TimeSpan _passed = TimeSpan.FromTicks(1);

    public DateTimeOffset Now
    {
        get => _now;
        set
        {
            if (value > _now) _passed += value - _now;
            _now = value;
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _passed.Ticks;
}
