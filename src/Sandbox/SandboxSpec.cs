namespace Bots.Sandbox;

/// <summary>What a sandbox is made of. All paths are absolute paths on the host.</summary>
public sealed record SandboxSpec
{
    public required SandboxId Id { get; init; }

    /// <summary>Seen writable at <c>/workspace</c>. With a <see cref="Tree"/>, this folder holds only what differs from it.</summary>
    public required string Workspace { get; init; }

    /// <summary>
    /// A prepared folder that <c>/workspace</c> starts out as, however large it is, and that no sandbox can change. Many sandboxes may
    /// share it. A workspace that was begun with a tree goes on with the same one, unchanged, for as long as it lives.
    /// </summary>
    public string? Tree { get; init; }

    /// <summary>Bound writable at <c>/home/agent</c>.</summary>
    public required string Home { get; init; }

    /// <summary>The folder that holds <c>control.sock</c>, bound at <c>/run/bots</c>: the folder, so that the socket of a restarted service is seen too.</summary>
    public required string ControlDirectory { get; init; }

    /// <summary>Single use; the sidecar exchanges it for its session token.</summary>
    public required string RegistrationToken { get; init; }

    public ResourceLimits Limits { get; init; } = new();

    /// <summary>What the system in there is, as the provider names it; null for the default one. A provider without images passes over it.</summary>
    public string? Image { get; init; }

    /// <summary>Added to the environment of everything in the sandbox. Not for secrets.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Further host folders to be seen read-only, host path → path in the sandbox (the agents).</summary>
    public IReadOnlyDictionary<string, string> ReadOnly { get; init; } = new Dictionary<string, string>();

    /// <summary>Who owns it: <c>bots.instance</c>, <c>bots.sandbox</c>, <c>bots.session</c>, <c>bots.started-at</c>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
