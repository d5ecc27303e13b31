using System.Collections.Concurrent;

namespace Bots.Simulators.Models;

/// <summary>Named places where a step waits for the test.</summary>
internal sealed class Gates
{
    private readonly ConcurrentDictionary<string, Gate> _gates = new(StringComparer.Ordinal);

    public void Release(string name) => Of(name).Open.TrySetResult();

    public Task Reached(string name) => Of(name).Reached.Task;

    public async Task Pass(string name, CancellationToken cancellation)
    {
        var gate = Of(name);
        gate.Reached.TrySetResult();
        await gate.Open.Task.WaitAsync(cancellation);
    }

    private Gate Of(string name) => _gates.GetOrAdd(name, _ => new Gate());

    private sealed class Gate
    {
        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
