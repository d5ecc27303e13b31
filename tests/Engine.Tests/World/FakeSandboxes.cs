using System.Collections.Concurrent;
using System.Collections.Immutable;
using Bots.Sandbox;
using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Tests.World;

/// <summary>Sandboxes that live in the test; they outlive the engine.</summary>
public sealed class FakeSandboxes(Pulse pulse) : ISandboxProvider, ISandboxConnections
{
    private readonly ConcurrentDictionary<SandboxId, (ScriptedAgent Agent, SandboxSpec Spec)> _running = new();
    private readonly ConcurrentDictionary<SandboxId, (ScriptedAgent Agent, SandboxSpec Spec)> _vanished = new();
    private readonly System.Threading.Channels.Channel<ScriptedAgent> _started = System.Threading.Channels.Channel.CreateUnbounded<ScriptedAgent>();
    private ImmutableList<ScriptedAgent> _all = [];

    public string Name => "fake";

    /// <summary>Set to make starts fail.</summary>
    public SandboxException? Failure { get; set; }

    /// <summary>What is done to each new sandbox before anybody sees it.</summary>
    public Action<ScriptedAgent> Make { get; set; } = _ => { };

    /// <summary>Awaited in a start, before there is anything to be seen of the sandbox.</summary>
    public Func<Task> Starting { get; set; } = () => Task.CompletedTask;

    /// <summary>Awaited before a sandbox is stopped.</summary>
    public Func<SandboxId, Task> Stopping { get; set; } = _ => Task.CompletedTask;

    /// <summary>Awaited until a sandbox has connected.</summary>
    public Func<SandboxId, Task> Connecting { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyCollection<ScriptedAgent> Running => [.. _running.Values.Select(s => s.Agent)];

    /// <summary>What a running sandbox is made of.</summary>
    public SandboxSpec Spec(SandboxId sandbox) => _running[sandbox].Spec;

    /// <summary>Every sandbox there ever was, oldest first.</summary>
    public ImmutableList<ScriptedAgent> All => Volatile.Read(ref _all);

    /// <summary>The next sandbox that is started.</summary>
    public async Task<ScriptedAgent> Started() => await _started.Reader.ReadAsync().AsTask().Within("a started sandbox");

    public Task<IReadOnlyList<SandboxProblem>> Check(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<SandboxProblem>>([]);

    public async Task Start(SandboxSpec spec, CancellationToken cancellation)
    {
        await Starting().WaitAsync(cancellation);
        if (Failure is { } failure) throw failure;
        var agent = new ScriptedAgent(spec.Id, pulse);
        Make(agent);
        _running[spec.Id] = (agent, spec);
        ImmutableInterlocked.Update(ref _all, all => all.Add(agent));
        _started.Writer.TryWrite(agent);
        pulse.Beat();
    }

    /// <summary>A sandbox that the engine knows nothing of.</summary>
    public Task Stray(SandboxId id) => Start(new SandboxSpec { Id = id, Workspace = "/w", Home = "/h", ControlDirectory = "/c", RegistrationToken = "t" }, CancellationToken.None);

    /// <summary>It ended by itself; whoever uses it has not noticed yet.</summary>
    public void Vanish(SandboxId sandbox)
    {
        if (_running.TryRemove(sandbox, out var gone)) _vanished[sandbox] = gone;
    }

    /// <summary>Reported once, as a provider does.</summary>
    public ConcurrentQueue<LimitBreach> Reached { get; } = new();

    public Task<IReadOnlyList<LimitBreach>> Breaches(CancellationToken cancellation)
    {
        var breaches = new List<LimitBreach>();
        while (Reached.TryDequeue(out var breach)) breaches.Add(breach);
        return Task.FromResult<IReadOnlyList<LimitBreach>>(breaches);
    }

    public async Task Stop(SandboxId sandbox, CancellationToken cancellation)
    {
        await Stopping(sandbox);
        if (_running.TryRemove(sandbox, out var stopped)) stopped.Agent.Lose();
        pulse.Beat();
    }

    public Task<IReadOnlyList<RunningSandbox>> List(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<RunningSandbox>>([.. _running.Select(s => new RunningSandbox(s.Key, s.Value.Spec.Labels))]);

    public async Task<ISandboxConnection> Connected(SandboxId sandbox, TimeSpan timeout, CancellationToken cancellation)
    {
        await Connecting(sandbox).WaitAsync(cancellation);
        return _running.TryGetValue(sandbox, out var running)
            ? running.Agent
            : throw new SandboxException(SandboxFailure.DidNotStart, "The sandbox did not connect.");
    }

    public void Forget(SandboxId sandbox, SandboxException? why = null)
    {
        if (_running.TryGetValue(sandbox, out var running) || _vanished.TryGetValue(sandbox, out running)) running.Agent.Lose(why);
    }
}
