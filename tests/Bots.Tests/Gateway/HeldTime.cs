using System.Threading.Channels;

namespace Bots.Tests.Gateway;

/// <summary>Waits of an hour and more last until the test ends them.</summary>
internal sealed class HeldTime : TimeProvider
{
    private readonly Channel<(TimeSpan Due, Action End)> _waits = Channel.CreateUnbounded<(TimeSpan, Action)>();

    /// <summary>Waits for the next long wait, and ends it.</summary>
    /// <returns>How long it would have lasted.</returns>
    public async Task<TimeSpan> Skip()
    {
        var (due, end) = await _waits.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        end();
        return due;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.FromHours(1)) return System.CreateTimer(callback, state, dueTime, period);
        _waits.Writer.TryWrite((dueTime, () => callback(state)));
        return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
