namespace Bots.Simulators;

/// <summary>Lets tests and streams wait for the next change of a simulator's state instead of polling for it.</summary>
public sealed class ChangeSignal
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version;

    /// <summary>How many changes there have been.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Completes at the next change. Take it before looking at the state.</summary>
    public Task Next
    {
        get
        {
            lock (_lock)
                return _next.Task;
        }
    }

    public void Raise()
    {
        TaskCompletionSource raised;
        lock (_lock)
        {
            raised = _next;
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Increment(ref _version);
        }

        raised.SetResult();
    }

    /// <summary>Waits in real time until <paramref name="look"/> finds something.</summary>
    /// <exception cref="TimeoutException">It did not within <paramref name="timeout"/>; the message is <paramref name="describe"/>'s.</exception>
    public async Task<T> WaitFor<T>(Func<T?> look, TimeSpan timeout, Func<string> describe)
        where T : class
    {
        using var expiry = new CancellationTokenSource(timeout, TimeProvider.System);
        while (true)
        {
            var next = Next;
            if (look() is { } found)
                return found;
            try
            {
                await next.WaitAsync(expiry.Token);
            }
            catch (OperationCanceledException e) when (expiry.IsCancellationRequested)
            {
                throw new TimeoutException($"Nothing came within {timeout.TotalSeconds:0.#} s. {describe()}", e);
            }
        }
    }
}
