namespace Bots.Sandbox;

/// <summary>Starts our sidecar in an isolated place with a way back to the control socket; all else goes over the sidecar's connection.</summary>
public interface ISandboxProvider
{
    /// <summary>As in the setting <c>Sandbox:Provider</c>.</summary>
    string Name { get; }

    /// <summary>Whatever keeps this provider from working on this machine, or from keeping every promise; empty when all is well.</summary>
    Task<IReadOnlyList<SandboxProblem>> Check(CancellationToken cancellation);

    /// <summary>Starts the sidecar. Returns when its process runs; that it is connected is for <see cref="Sidecars.SidecarHub.Connected"/> to say.</summary>
    /// <exception cref="SandboxException">It could not be started; nothing is left behind.</exception>
    Task Start(SandboxSpec spec, CancellationToken cancellation);

    /// <summary>Ends everything that runs in the sandbox. Does nothing when it is gone already.</summary>
    Task Stop(SandboxId sandbox, CancellationToken cancellation);

    /// <summary>Every sandbox of this instance that still runs on this machine, also those started before a restart of the service.</summary>
    Task<IReadOnlyList<RunningSandbox>> List(CancellationToken cancellation);

    /// <summary>Limits that running sandboxes reached since this was last asked. Cheap: asked every second.</summary>
    Task<IReadOnlyList<LimitBreach>> Breaches(CancellationToken cancellation);
}

public readonly record struct SandboxId(string Value)
{
    public static SandboxId New() => new("sbx_" + Guid.CreateVersion7().ToString("N"));

    public override string ToString() => Value;
}

/// <param name="Labels">As they were given at start.</param>
public sealed record RunningSandbox(SandboxId Id, IReadOnlyDictionary<string, string> Labels);

/// <summary>Something that keeps a provider from working.</summary>
/// <param name="What">What is wrong.</param>
/// <param name="Mend">The line that mends it.</param>
public sealed record SandboxProblem(string What, string Mend)
{
    /// <summary>False when sandboxes work all the same, with one promise less: people are told at start.</summary>
    public bool Fatal { get; init; } = true;
}
