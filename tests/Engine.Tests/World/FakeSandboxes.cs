using System.Collections.Concurrent;
using Bots.Sandbox;
using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Tests.World;

/// <summary>Sandboxes that live in the test; they outlive the engine.</summary>
public sealed class FakeSandboxes : ISandboxProvider, ISandboxConnections
{
    private readonly ConcurrentDictionary<SandboxId, (ScriptedAgent Agent, SandboxSpec Spec)> _running = new();
    private readonly System.Threading.Channels.Channel<ScriptedAgent> _started = System.Threading.Channels.Channel.CreateUnbounded<ScriptedAgent>();

    public string Name => "fake";

    /// <summary>Set to make starts fail.</summary>
    public SandboxException? Failure { get; set; }

    public IReadOnlyCollection<ScriptedAgent> Running => [.. _running.Values.Select(s => s.Agent)];

    /// <summary>The next sandbox that is started.</summary>
    public async Task<ScriptedAgent> Started() => await _started.Reader.ReadAsync().AsTask().Within();

    public Task<IReadOnlyList<SandboxProblem>> Check(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<SandboxProblem>>([]);

    public Task Start(SandboxSpec spec, CancellationToken cancellation)
    {
        if (Failure is { } failure) throw failure;
        var agent = new ScriptedAgent(spec.Id);
        _running[spec.Id] = (agent, spec);
        _started.Writer.TryWrite(agent);
        return Task.CompletedTask;
    }

    public Task Stop(SandboxId sandbox, CancellationToken cancellation)
    {
        if (_running.TryRemove(sandbox, out var stopped)) stopped.Agent.Lose();
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<RunningSandbox>> List(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<RunningSandbox>>([.. _running.Select(s => new RunningSandbox(s.Key, s.Value.Spec.Labels))]);

    public Task<ISandboxConnection> Connected(SandboxId sandbox, TimeSpan timeout, CancellationToken cancellation) =>
        _running.TryGetValue(sandbox, out var running)
            ? Task.FromResult<ISandboxConnection>(running.Agent)
            : throw new SandboxException(SandboxFailure.DidNotStart, "The sandbox did not connect.");

    public void Forget(SandboxId sandbox)
    {
        if (_running.TryGetValue(sandbox, out var running)) running.Agent.Lose();
    }
}
