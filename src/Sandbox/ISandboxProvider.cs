namespace Bots.Sandbox;

/// <summary>Starts our sidecar in an isolated place with a way back to the control socket; all else goes over the sidecar's connection.</summary>
public interface ISandboxProvider
{
    /// <summary>As in the setting <c>Sandbox:Provider</c>.</summary>
    string Name { get; }

    /// <summary>Whatever keeps this provider from working on this machine; empty when all is well.</summary>
    Task<IReadOnlyList<SandboxProblem>> Check(CancellationToken cancellation);

    /// <summary>Starts the sidecar. Returns when its process runs; that it is connected is for <see cref="Sidecars.SidecarHub.Connected"/> to say.</summary>
    /// <exception cref="SandboxException">It could not be started; nothing is left behind.</exception>
    Task Start(SandboxSpec spec, CancellationToken cancellation);

    /// <summary>Ends everything that runs in the sandbox. Does nothing when it is gone already.</summary>
    Task Stop(SandboxId sandbox, CancellationToken cancellation);

    /// <summary>Every sandbox of this instance that still runs on this machine, also those started before a restart of the service.</summary>
    Task<IReadOnlyList<RunningSandbox>> List(CancellationToken cancellation);
}

public readonly record struct SandboxId(string Value)
{
    public static SandboxId New() => new("sbx_" + Guid.CreateVersion7().ToString("N"));

    public override string ToString() => Value;
}

/// <summary>What a sandbox is made of. All paths are absolute paths on the host.</summary>
public sealed record SandboxSpec
{
    public required SandboxId Id { get; init; }

    /// <summary>Bound writable at <c>/workspace</c>.</summary>
    public required string Workspace { get; init; }

    /// <summary>Bound writable at <c>/home/agent</c>.</summary>
    public required string Home { get; init; }

    /// <summary>The folder that holds <c>control.sock</c>, bound at <c>/run/bots</c>: the folder, so that the socket of a restarted service is seen too.</summary>
    public required string ControlDirectory { get; init; }

    /// <summary>Single use; the sidecar exchanges it for its session token.</summary>
    public required string RegistrationToken { get; init; }

    /// <summary>Further host folders to be seen read-only, host path → path in the sandbox (the agents).</summary>
    public IReadOnlyDictionary<string, string> ReadOnly { get; init; } = new Dictionary<string, string>();

    /// <summary>Who owns it: <c>bots.instance</c>, <c>bots.sandbox</c>, <c>bots.session</c>, <c>bots.started-at</c>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

/// <param name="Labels">As they were given at start.</param>
public sealed record RunningSandbox(SandboxId Id, IReadOnlyDictionary<string, string> Labels);

/// <summary>Something that keeps a provider from working.</summary>
/// <param name="What">What is wrong.</param>
/// <param name="Mend">The line that mends it.</param>
public sealed record SandboxProblem(string What, string Mend);

public enum SandboxFailure
{
    /// <summary>The provider is not usable on this machine.</summary>
    Unavailable,

    /// <summary>The sidecar did not come up or never connected.</summary>
    DidNotStart,

    /// <summary>It ended while it was in use.</summary>
    Lost,

    /// <summary>No space left on the disk.</summary>
    DiskFull,
}

/// <summary>A sandbox failed. The message may be shown to people and holds no secret.</summary>
public sealed class SandboxException(SandboxFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public SandboxFailure Failure { get; } = failure;

    /// <summary>True when the same call may succeed later.</summary>
    public bool Transient => Failure is SandboxFailure.DidNotStart or SandboxFailure.Lost;
}
