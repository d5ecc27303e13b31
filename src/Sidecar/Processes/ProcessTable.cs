using System.Collections.Concurrent;
using Bots.Sandbox.Wire;

namespace Bots.Sidecar.Processes;

/// <summary>All processes of this sandbox that we started, those that ended included: a name is used once.</summary>
internal sealed class ProcessTable(SidecarSettings settings, TimeProvider time) : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, ManagedProcess> _processes = [];
    readonly ConcurrentDictionary<string, Execution> _executions = [];

    /// <summary>Added to the environment of every child.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Called, from any thread, when there is new output.</summary>
    public Action Changed { get; set; } = () => { };

    public ProcessState[] States()
    {
        List<ProcessState> states = [];
        foreach (var (name, process) in _processes)
            states.Add(new(name, process.Ended.IsCompleted, process.Output.Last, process.Output.Acknowledged, process.LastInput));
        return [.. states];
    }

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

        var started = _executions[request.Id] = new Execution(request, Environment, time);
        return started.Result;
    }

    public void Forget(string execution)
    {
        if (_executions.TryRemove(execution, out var known)) known.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var execution in _executions.Values) execution.Cancel();
        await Task.WhenAll([.. _processes.Values.Select(p => p.End()), .. _executions.Values.Select(e => e.Result)]);
    }
}
