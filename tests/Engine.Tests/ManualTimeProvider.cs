using Bots.Engine.Tests.World;

namespace Bots.Engine.Tests;

/// <summary>A clock that stands still until it is moved; timers fire while it moves.</summary>
public sealed class ManualTimeProvider(Pulse pulse) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private DateTimeOffset _now = Start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Somebody set the clock: the time of day jumps, and time goes on as before.</summary>
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now + Shift;
    }

    /// <summary>Small, as on a machine: elapsed times are counted in floating point, and would not be exact to the tick.</summary>
    public override long GetTimestamp()
    {
        lock (_lock) return 1 + (_now - Start).Ticks;
    }

    /// <summary>Waits until somebody waits for exactly this long from now. Only then is it certain what moving the clock does.</summary>
    public async Task Armed(TimeSpan dueIn)
    {
        try
        {
            await pulse.Until(() => IsArmed(dueIn), $"a timer that is due in {dueIn}");
        }
        catch (ShouldAssertException never)
        {
            lock (_lock) throw new ShouldAssertException($"{never.Message}; there are timers due in {string.Join(", ", _timers.Select(t => t.Due - _now).Order())}", never);
        }
    }

    /// <summary>How long until the first timer is due; null when nobody waits.</summary>
    public TimeSpan? Next
    {
        get
        {
            lock (_lock) return _timers.Min(t => t.Due) is { } due ? (due > _now ? due - _now : TimeSpan.Zero) : null;
        }
    }

    public bool IsArmed(TimeSpan dueIn)
    {
        lock (_lock) return _timers.Exists(t => t.Due == _now + dueIn);
    }

    public void Advance(TimeSpan by)
    {
        DateTimeOffset target;
        lock (_lock) target = _now + by;
        while (true)
        {
            ManualTimer? next;
            lock (_lock)
            {
                next = _timers.Where(t => t.Due <= target).MinBy(t => t.Due);
                _now = next is null ? target : next.Due > _now ? next.Due.Value : _now;
                if (next is null) return;
                next.Due = next.Period is { } period ? _now + period : null;
            }

            next.Fire();
        }
    }

    private void Beat() => pulse.Beat();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        lock (_lock) _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public TimeSpan? Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;
                Period = period == Timeout.InfiniteTimeSpan ? null : period;
            }

            clock.Beat();
            return true;
        }

        public void Dispose()
        {
            lock (clock._lock) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
