using System.Collections.Concurrent;
using Bots.Sandbox.Wire;

namespace Bots.Sidecar.Processes;

/// <summary>All processes of this sandbox that we started, those that ended included: a name is used once.</summary>
internal sealed class ProcessTable(SidecarSettings settings, TimeProvider time) : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, ManagedProcess> _processes = [];
    readonly ConcurrentDictionary<string, (Execution Run, Task<ToService.Executed> Result)> _executions = [];

    /// <summary>Added to the environment of every child.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Called, from any thread, when there is new output.</summary>
    public Action Changed { get; set; } = () => { };

    public ProcessState[] States() =>
        [.. _processes.Select(p => new ProcessState(p.Key, p.Value.Ended.IsCompleted, p.Value.Output.Last, p.Value.Output.Acknowledged, p.Value.LastInput))];

    public ManagedProcess? Find(string process) => _processes.GetValueOrDefault(process);

    public void Start(string process, Launch launch)
    {
        if (!_processes.ContainsKey(process))
            _processes[process] = new ManagedProcess(launch, Environment, settings.OutputBufferBytes, () => Changed(), time);
    }

    /// <summary>Runs a command, or finds the one with this id that was started before.</summary>
    public Task<ToService.Executed> Execute(ToSidecar.Exec request)
    {
        if (_executions.TryGetValue(request.Id, out var known)) return known.Result;

        var run = new Execution(request, Environment, time);
        var result = run.Run();
        _executions[request.Id] = (run, result);
        return result;
    }

    public void Forget(string execution)
    {
        if (_executions.TryRemove(execution, out var known)) known.Run.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (run, _) in _executions.Values) run.Cancel();
        await Task.WhenAll([.. _processes.Values.Select(p => p.End()), .. _executions.Values.Select(e => e.Result)]);
    }
}
