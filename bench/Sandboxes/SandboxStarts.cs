using Bots.Sandbox;
using Bots.Sandbox.Bubblewrap;
using Bots.Sandbox.Sidecars;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Bench.Sandboxes;

/// <summary>The provider with what it needs around it.</summary>
internal sealed class SandboxStarts(string directory, ControlPlane plane, BubblewrapProvider provider) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly string _agents = Directory.CreateDirectory(Path.Combine(directory, "agents")).FullName;

    public static async Task<SandboxStarts> Prepare(string directory)
    {
        var control = Directory.CreateDirectory(Path.Combine(directory, "control")).FullName;
        var options = new BubblewrapOptions { StateDirectory = Path.Combine(directory, "state"), ControlDirectory = control, StartTimeout = Patience };
        var provider = new BubblewrapProvider(options, TimeProvider.System, NullLogger<BubblewrapProvider>.Instance);
        if ((await provider.Check(CancellationToken.None)).FirstOrDefault(p => p.Fatal) is { } problem) throw new InvalidOperationException($"{problem.What} {problem.Mend}");
        return new SandboxStarts(directory, await ControlPlane.Start(control), provider);
    }

    /// <returns>Milliseconds from <c>Start</c> to connected, when all of the tree is there. The sandbox is stopped afterwards.</returns>
    public async Task<double> Once(string? tree = null)
    {
        var spec = Spec(SandboxId.New()) with { Tree = tree };
        try
        {
            var start = TimeProvider.System.GetTimestamp();
            await provider.Start(spec, CancellationToken.None);
            var sandbox = await plane.Hub.Connected(spec.Id, Patience, CancellationToken.None);
            var took = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
            if (tree is not null) await See(sandbox);
            return took;
        }
        finally
        {
            plane.Hub.Forget(spec.Id);
            await provider.Stop(spec.Id, CancellationToken.None);
        }
    }

    /// <summary>A sandbox with a small agent that has answered. <see cref="End"/> ends it.</summary>
    public async Task<ISandboxConnection> Busy()
    {
        var spec = Spec(SandboxId.New());
        await provider.Start(spec, CancellationToken.None);
        var sandbox = await plane.Hub.Connected(spec.Id, Patience, CancellationToken.None);
        await sandbox.Start("agent", new ProcessStart("/bin/sh", ["-c", "while read -r line; do echo \"heard $line\"; done"]), CancellationToken.None);
        await sandbox.Write("agent", 1, "a line", CancellationToken.None);
        await foreach (var output in sandbox.Read("agent", 0, CancellationToken.None))
        {
            if (output is ProcessOutput.Line { Text: "heard a line" }) return sandbox;
        }

        throw new InvalidOperationException("The agent said nothing.");
    }

    /// <summary>Ends a sandbox and removes its folders.</summary>
    public async Task<SandboxId> End(ISandboxConnection sandbox)
    {
        plane.Hub.Forget(sandbox.Sandbox);
        await provider.Stop(sandbox.Sandbox, CancellationToken.None);
        Directory.Delete(Path.Combine(directory, sandbox.Sandbox.Value), recursive: true);
        return sandbox.Sandbox;
    }

    /// <summary>Resident memory of a sandbox's sidecar: whatever is run in there is its child.</summary>
    public static async Task<double> SidecarMiB(ISandboxConnection sandbox)
    {
        var status = await sandbox.Exec(new ExecRequest("/bin/sh", ["-c", "grep VmRSS /proc/$PPID/status"]), CancellationToken.None);
        return int.Parse(status.Output.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) / 1024.0;
    }

    public ValueTask DisposeAsync() => plane.DisposeAsync();

    private static async Task See(ISandboxConnection sandbox)
    {
        var seen = await sandbox.Exec(new ExecRequest("/bin/cat", [LargeTree.SomeFile]), CancellationToken.None);
        if (seen.Code != 0) throw new InvalidOperationException($"The tree is not seen: {seen.Error}");
    }

    private SandboxSpec Spec(SandboxId id) => new()
    {
        Id = id,
        Workspace = Directory.CreateDirectory(Path.Combine(directory, id.Value, "workspace")).FullName,
        Home = Directory.CreateDirectory(Path.Combine(directory, id.Value, "home")).FullName,
        ControlDirectory = Path.Combine(directory, "control"),
        RegistrationToken = plane.Issue(id),
        ReadOnly = new Dictionary<string, string> { [_agents] = "/opt/bots/agents" },
        Labels = new Dictionary<string, string> { ["bots.sandbox"] = id.Value, ["bots.instance"] = "bench" },
    };
}
