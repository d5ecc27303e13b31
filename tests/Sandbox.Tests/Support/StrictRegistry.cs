using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Bots.Sandbox.Sidecars;

namespace Bots.Sandbox.Tests.Support;

/// <summary>Keeps hashes as the real one does, lets a registration token be used once, and refuses anything that is not a hash.</summary>
internal sealed partial class StrictRegistry : ISidecarRegistry
{
    readonly ConcurrentDictionary<string, SandboxId> _registrations = [];
    readonly ConcurrentDictionary<string, SandboxId> _sessions = [];

    public string Issue(SandboxId sandbox)
    {
        var token = SidecarTokens.New();
        _registrations[SidecarTokens.Hash(token)] = sandbox;
        return token;
    }

    public Task<SandboxId?> Redeem(string registrationTokenHash, string sessionTokenHash, CancellationToken cancellation)
    {
        Sha256().IsMatch(registrationTokenHash).ShouldBeTrue();
        Sha256().IsMatch(sessionTokenHash).ShouldBeTrue();
        if (!_registrations.TryRemove(registrationTokenHash, out var sandbox)) return Task.FromResult<SandboxId?>(null);

        _sessions.TryAdd(sessionTokenHash, sandbox).ShouldBeTrue();
        return Task.FromResult<SandboxId?>(sandbox);
    }

    public Task<SandboxId?> Find(string sessionTokenHash, CancellationToken cancellation)
    {
        Sha256().IsMatch(sessionTokenHash).ShouldBeTrue();
        return Task.FromResult<SandboxId?>(_sessions.TryGetValue(sessionTokenHash, out var sandbox) ? sandbox : null);
    }

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Sha256();
}
