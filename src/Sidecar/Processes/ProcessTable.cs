using System.Collections.Concurrent;
using Bots.Sandbox.Wire;

namespace Bots.Sidecar.Processes;

/// <summary>All processes of this sandbox that we started, those that ended included: a name is used once, unless it was discarded.</summary>
internal sealed class ProcessTable(SidecarSettings settings, TimeProvider time) : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, ManagedProcess> _processes = [];
    readonly ConcurrentDictionary<string, Execution> _executions = [];
    long _terminalActivity;

    /// <summary>Added to the environment of every child.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Called, from any thread, when there is new output.</summary>
    public Action Changed { get; set; } = () => { };

    /// <summary>What we started and still runs: its process ids.</summary>
    public IEnumerable<int> Running => _processes.Values.Where(p => p.Id != 0 && !p.Ended.IsCompleted).Select(p => p.Id);

    public int Terminals => _processes.Values.Count(p => p.Streams == StreamKind.Terminal && !p.Ended.IsCompleted);

    /// <summary>Since something last went through a terminal; null when nothing ever did.</summary>
    public TimeSpan? TerminalIdle => Interlocked.Read(ref _terminalActivity) is > 0 and var last ? time.GetElapsedTime(last) : null;

    public ProcessState[] States()
    {
        List<ProcessState> states = [];
        foreach (var (name, process) in _processes)
            states.Add(new(name, process.Ended.IsCompleted, process.Output.Last, process.Output.Acknowledged, process.LastInput));
        return [.. states];
    }

    public ManagedProcess? Find(string process) => _processes.GetValueOrDefault(process);

    public void Start(ToSidecar.Start start)
    {
        if (_processes.ContainsKey(start.Process)) return;

        var output = new OutputLog(settings.OutputBufferBytes, () => Changed());
        _processes[start.Process] = new ManagedProcess(start, output, Environment, () => Interlocked.Exchange(ref _terminalActivity, time.GetTimestamp()), time);
    }

    public async Task Discard(string process)
    {
        if (!_processes.TryGetValue(process, out var known)) return;

        await known.Discard();
        _processes.TryRemove(process, out _);
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

    /// <summary>Ends everything, politely first.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var execution in _executions.Values) execution.Cancel();
        await Task.WhenAll([.. _processes.Values.Select(p => p.Discard()), .. _executions.Values.Select(e => e.Result)]);
    }
}
