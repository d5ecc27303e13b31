namespace Bots.Engine.Tests.World;

/// <summary>The test's clock. Timers of a dead engine never fire.</summary>
internal sealed class FencedClock(ManualTimeProvider clock, Fence fence) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ITimer> _timers = [];

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            var timer = clock.CreateTimer(callback, state, fence.IsDead ? Timeout.InfiniteTimeSpan : dueTime, period);
            _timers.Add(timer);
            return timer;
        }
    }

    /// <summary>Call it once the engine is dead.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            foreach (var timer in _timers) timer.Dispose();
        }
    }
}
