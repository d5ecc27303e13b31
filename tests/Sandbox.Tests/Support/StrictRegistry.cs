using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Bots.Sandbox.Sidecars;

namespace Bots.Sandbox.Tests.Support;

/// <summary>Keeps hashes as the real one does, lets a registration token be used once, and refuses anything that is not a hash.</summary>
internal sealed partial class StrictRegistry(TimeProvider? time = null) : ISidecarRegistry
{
    static readonly TimeSpan RegistrationTime = TimeSpan.FromMinutes(5);
    readonly TimeProvider _time = time ?? TimeProvider.System;
    readonly ConcurrentDictionary<string, (SandboxId Sandbox, DateTimeOffset Expires)> _registrations = [];
    readonly ConcurrentDictionary<string, SandboxId> _sessions = [];

    public string Issue(SandboxId sandbox)
    {
        var token = SidecarTokens.New();
        _registrations[SidecarTokens.Hash(token)] = (sandbox, _time.GetUtcNow() + RegistrationTime);
        return token;
    }

    public Task<SandboxId?> Redeem(string registrationTokenHash, string sessionTokenHash, CancellationToken cancellation)
    {
        Sha256().IsMatch(registrationTokenHash).ShouldBeTrue();
        Sha256().IsMatch(sessionTokenHash).ShouldBeTrue();
        if (!_registrations.TryRemove(registrationTokenHash, out var issued) || issued.Expires <= _time.GetUtcNow()) return Task.FromResult<SandboxId?>(null);

        var sandbox = issued.Sandbox;
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
