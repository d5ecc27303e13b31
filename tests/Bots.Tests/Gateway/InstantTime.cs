namespace Bots.Tests.Gateway;

/// <summary>A clock on which waits of one length are over at once, and counted.</summary>
internal sealed class InstantTime(TimeSpan wait) : TimeProvider
{
    private int _waits;

    public int Waits => _waits;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != wait) return System.CreateTimer(callback, state, dueTime, period);
        Interlocked.Increment(ref _waits);
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
