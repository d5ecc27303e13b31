namespace Bots.Simulators.GitHub.State;

/// <summary>Wakes everybody who waits for the state to change.</summary>
internal sealed class ChangeSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Version { get; private set; }

    /// <summary>Completes at the next change. Take it before you look at the state.</summary>
    public Task Next
    {
        get
        {
            lock (_gate) return _next.Task;
        }
    }

    public void Raise()
    {
        TaskCompletionSource raised;
        lock (_gate)
        {
            raised = _next;
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Version++;
        }

        raised.SetResult();
    }

    /// <exception cref="TimeoutException">The condition did not come true in time.</exception>
    public async Task WaitFor(Func<bool> condition, TimeSpan timeout)
    {
        using var expired = new CancellationTokenSource(timeout, TimeProvider.System);
        while (true)
        {
            var next = Next;
            if (condition()) return;
            try
            {
                await next.WaitAsync(expired.Token);
            }
            catch (OperationCanceledException exception)
            {
                throw new TimeoutException($"Waited {timeout} in vain.", exception);
            }
        }
    }
}
