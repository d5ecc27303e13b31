using System.Collections.Concurrent;
using Bots.Engine.Agents;
using Bots.Engine.Storage;
using Bots.Sandbox;
using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Sandboxes;

/// <summary>Gives a session its sandbox: the one that still runs, also after a restart of the service, or a new one.</summary>
public sealed class SandboxManager(
    ISandboxProvider provider, ISandboxConnections hub, SandboxStore sandboxes, IStore store, SandboxPaths paths, AgentsOptions agents, ResourceLimits limits, Instance instance,
    TimeProvider clock)
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReturnTime = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<SandboxId, byte> _leased = new();

    /// <summary>True while some turn uses it.</summary>
    public bool IsLeased(SandboxId sandbox) => _leased.ContainsKey(sandbox);

    /// <summary>The session's running sandbox, for use until the lease is disposed; null when it has none.</summary>
    public async Task<SandboxLease?> Resume(SessionId session, CancellationToken cancellation)
    {
        if (store.Read(db => SandboxStore.LiveOf(db, session)) is not { } row) return null;
        var lease = Lease(row.Id);
        try
        {
            if ((await provider.List(cancellation)).Any(running => running.Id == row.Id))
            {
                lease.Connection = await hub.Connected(row.Id, ReturnTime, cancellation);
                await sandboxes.IdleSince(row.Id, null);
                return lease;
            }
        }
        catch (SandboxException)
        {
            // It does not come back: the session gets a new one.
        }
        catch
        {
            await lease.DisposeAsync();
            throw;
        }

        _leased.TryRemove(row.Id, out _);
        await Stop(row.Id, cancellation);
        return null;
    }

    /// <summary>Starts a new sandbox for a session.</summary>
    /// <exception cref="SandboxException"/>
    public async Task<SandboxLease> Start(SessionId session, CancellationToken cancellation)
    {
        var id = SandboxId.New();
        var lease = Lease(id);
        try
        {
            foreach (var directory in (string[])[paths.Workspace(session), paths.Home(session)]) Directory.CreateDirectory(directory);
            var token = await sandboxes.Add(id, session, cancellation);
            await provider.Start(Spec(id, session, token), cancellation);
            lease.Connection = await hub.Connected(id, StartTime, cancellation);
            return lease;
        }
        catch (Exception e)
        {
            _leased.TryRemove(id, out _);
            await Stop(id, CancellationToken.None);
            if (e is IOException && e.IsDiskFull()) throw new SandboxException(SandboxFailure.DiskFull, $"No space left on the disk that holds {paths.DataDirectory}.", e);
            throw;
        }
    }

    /// <summary>Ends a sandbox and makes its tokens worthless.</summary>
    public async Task Stop(SandboxId sandbox, CancellationToken cancellation)
    {
        await sandboxes.Stopped(sandbox);
        hub.Forget(sandbox);
        await provider.Stop(sandbox, cancellation);
    }

    private SandboxLease Lease(SandboxId id)
    {
        _leased[id] = 0;
        return new SandboxLease(async () =>
        {
            _leased.TryRemove(id, out _);
            await sandboxes.IdleSince(id, clock.GetUtcNow());
        });
    }

    private SandboxSpec Spec(SandboxId id, SessionId session, string token) => new()
    {
        Id = id,
        Workspace = paths.Workspace(session),
        Home = paths.Home(session),
        ControlDirectory = paths.ControlDirectory,
        RegistrationToken = token,
        Limits = limits,
        ReadOnly = new Dictionary<string, string> { [agents.Directory] = AgentEntry.Folder },
        Labels = new Dictionary<string, string>
        {
            ["bots.instance"] = instance.Id,
            ["bots.sandbox"] = id.Value,
            ["bots.session"] = session.Value,
            ["bots.started-at"] = clock.GetUtcNow().ToString("O"),
        },
    };
}

/// <summary>A sandbox in use. Disposing it lets it become idle.</summary>
public sealed class SandboxLease(Func<Task> release) : IAsyncDisposable
{
    public ISandboxConnection Connection { get; internal set; } = null!;

    public async ValueTask DisposeAsync() => await release();
}

/// <summary>Which installation this is: names what it starts.</summary>
public sealed record Instance(string Id);

internal static class IoFailures
{
    private const int NoSpace = 28;

    /// <summary>True for Linux' ENOSPC.</summary>
    public static bool IsDiskFull(this Exception e) => e is IOException && (e.HResult & 0xFFFF) == NoSpace;
}
