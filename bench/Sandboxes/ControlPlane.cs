using System.Collections.Concurrent;
using Bots.Sandbox;
using Bots.Sandbox.Sidecars;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Bench.Sandboxes;

/// <summary>The service's end of the sidecars' connections, on a control socket, with tokens in memory.</summary>
internal sealed class ControlPlane : ISidecarRegistry, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, SandboxId> _registrations = [];
    private readonly ConcurrentDictionary<string, SandboxId> _sessions = [];
    private readonly WebApplication _app;

    private ControlPlane(string directory)
    {
        Hub = new SidecarHub(this, TimeProvider.System, NullLogger<SidecarHub>.Instance);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(Hub).AddRouting().OpenControlSocket();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.ListenUnixSocket(Path.Combine(directory, "control.sock")));
        _app = builder.Build();
        _app.UseRouting();
        _app.MapSidecars();
    }

    public SidecarHub Hub { get; }

    public static async Task<ControlPlane> Start(string directory)
    {
        var plane = new ControlPlane(directory);
        await plane._app.StartAsync();
        return plane;
    }

    public string Issue(SandboxId sandbox)
    {
        var token = SidecarTokens.New();
        _registrations[SidecarTokens.Hash(token)] = sandbox;
        return token;
    }

    public Task<SandboxId?> Redeem(string registrationTokenHash, string sessionTokenHash, CancellationToken cancellation)
    {
        if (!_registrations.TryRemove(registrationTokenHash, out var sandbox)) return Task.FromResult<SandboxId?>(null);
        _sessions[sessionTokenHash] = sandbox;
        return Task.FromResult<SandboxId?>(sandbox);
    }

    public Task<SandboxId?> Find(string sessionTokenHash, CancellationToken cancellation) =>
        Task.FromResult<SandboxId?>(_sessions.TryGetValue(sessionTokenHash, out var sandbox) ? sandbox : null);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
