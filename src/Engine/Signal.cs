namespace Bots.Engine;

/// <summary>Wakes one waiting loop. Setting it any number of times before the loop looks wakes it once.</summary>
public sealed class Signal
{
    private TaskCompletionSource _set = New();

    public void Set() => Volatile.Read(ref _set).TrySetResult();

    /// <summary>Waits until it is set, or until <paramref name="timeout"/> (null: for ever), and clears it.</summary>
    public async Task Wait(TimeSpan? timeout, TimeProvider clock, CancellationToken cancellation)
    {
        var current = Volatile.Read(ref _set);
        try
        {
            await current.Task.WaitAsync(timeout ?? Timeout.InfiniteTimeSpan, clock, cancellation);
        }
        catch (TimeoutException)
        {
            return;
        }

        Interlocked.CompareExchange(ref _set, New(), current);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
