using System.Collections.Concurrent;
using Bots.Engine.Agents;
using Bots.Engine.Forges;
using Bots.Engine.Repositories;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Engine.Workspaces;
using Bots.Sandbox;
using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Sandboxes;

/// <summary>Gives a session its sandbox: the one that still runs, also after a restart of the service, or a new one.</summary>
public sealed class SandboxManager(
    ISandboxProvider provider, ISandboxConnections hub, SandboxStore sandboxes, WorkspaceStore workspaces, IRepositorySettings repositories, IForge forge, IStore store,
    SandboxPaths paths, AgentsOptions agents, ResourceLimits limits, Instance instance,
    TimeProvider clock)
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReturnTime = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<SandboxId, int> _leased = new();

    /// <summary>Set when a sandbox is taken into use.</summary>
    internal Signal Leased { get; } = new();

    /// <summary>True while any sandbox is in use.</summary>
    internal bool AnyLeased => !_leased.IsEmpty;

    /// <summary>True while some turn uses it.</summary>
    public bool IsLeased(SandboxId sandbox) => _leased.ContainsKey(sandbox);

    /// <summary>The session's running sandbox, for use until the lease is disposed; null when it has none.</summary>
    public async Task<SandboxLease?> Resume(SessionId session, CancellationToken cancellation)
    {
        return store.Read(db => SandboxStore.LiveOf(db, session)) is { } row ? await Reconnect(row.Id, cancellation) : null;
    }

    /// <summary>A lease on a sandbox that should be running; null when it does not, and then it is stopped for good.</summary>
    private async Task<SandboxLease?> Reconnect(SandboxId id, CancellationToken cancellation)
    {
        var lease = Lease(id);
        try
        {
            if (await sandboxes.TakeUp(id) && await MayRun(id, cancellation))
            {
                lease.Connection = await hub.Connected(id, ReturnTime, cancellation);
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

        Release(id);
        await Stop(id, cancellation);
        return null;
    }

    /// <summary>Where nobody can say what runs, whether it connects tells.</summary>
    private async Task<bool> MayRun(SandboxId id, CancellationToken cancellation)
    {
        try
        {
            return (await provider.List(cancellation)).Any(running => running.Id == id);
        }
        catch (SandboxException e) when (e.Failure == SandboxFailure.Unavailable)
        {
            return true;
        }
    }

    /// <summary>Starts a new sandbox for a session.</summary>
    /// <exception cref="SandboxException"/>
    public async Task<SandboxLease> Start(SessionId session, RepositoryName repository, CancellationToken cancellation) =>
        await Start(await Guarded(() => workspaces.For(session, repository, cancellation)), SandboxPurpose.Session, cancellation);

    /// <summary>Starts a new sandbox on a workspace, with the system and the environment its repository wants.</summary>
    /// <exception cref="SandboxException"/>
    public async Task<SandboxLease> Start(WorkspaceRow workspace, SandboxPurpose purpose, CancellationToken cancellation)
    {
        var settings = await repositories.Of(workspace.Repository, cancellation);
        await EndOthers(workspace.Id, cancellation);
        var id = SandboxId.New();
        var lease = Lease(id);
        try
        {
            var token = await sandboxes.Add(id, workspace, purpose, cancellation);
            await Guarded(async () =>
            {
                await provider.Start(Spec(id, workspace, token, settings), cancellation);
                return id;
            });
            lease.Connection = await hub.Connected(id, StartTime, cancellation);
            return lease;
        }
        catch
        {
            Release(id);
            await Stop(id, CancellationToken.None);
            throw;
        }
    }

    /// <summary>One that was to be stopped and was not, since the service ended or it did not end: two must never write to one workspace.</summary>
    private async Task EndOthers(WorkspaceId workspace, CancellationToken cancellation)
    {
        var others = store.Read(db => SandboxStore.Of(db, workspace));
        if (others.Count == 0) return;
        foreach (var running in (await provider.List(cancellation)).Where(running => others.Contains(running.Id))) await provider.Stop(running.Id, cancellation);
    }

    /// <summary>A warm sandbox that waited for just such a session; null when there is none.</summary>
    public async Task<SandboxLease?> Claim(SessionRow session, CancellationToken cancellation)
    {
        while (await sandboxes.Claim(session, cancellation) is { } row)
        {
            if (await Reconnect(row.Id, cancellation) is { } lease) return lease;

            // It died while it waited. Its workspace goes with it, so that the session can have another, and so does its agent's conversation.
            await workspaces.Remove(row.WorkspaceId);
            await sandboxes.Disown(session.Id);
        }

        return null;
    }

    /// <summary>Ends a sandbox and makes its tokens worthless.</summary>
    public Task Stop(SandboxId sandbox, CancellationToken cancellation) => Stop(sandbox, null, cancellation);

    /// <param name="why">What whoever uses it is told; null when nobody should be using it.</param>
    public async Task Stop(SandboxId sandbox, SandboxException? why, CancellationToken cancellation)
    {
        await sandboxes.Stopped(sandbox);
        hub.Forget(sandbox, why);
        await provider.Stop(sandbox, cancellation);
    }

    /// <returns>True when nobody uses it any more.</returns>
    private bool Release(SandboxId id)
    {
        var left = _leased.AddOrUpdate(id, 0, (_, leases) => leases - 1);
        return left > 0 ? false : _leased.TryRemove(KeyValuePair.Create(id, left));
    }

    private SandboxLease Lease(SandboxId id)
    {
        _leased.AddOrUpdate(id, 1, (_, leases) => leases + 1);
        Leased.Set();
        return new SandboxLease(async () =>
        {
            if (Release(id)) await sandboxes.IdleSince(id, clock.GetUtcNow());
        });
    }

    private async Task<T> Guarded<T>(Func<Task<T>> make)
    {
        try
        {
            return await make();
        }
        catch (IOException e) when (e.IsDiskFull())
        {
            throw new SandboxException(SandboxFailure.DiskFull, $"No space left on the disk that holds {paths.DataDirectory}.", e);
        }
    }

    private SandboxSpec Spec(SandboxId id, WorkspaceRow workspace, string token, RepositorySettings settings) => new()
    {
        Id = id,
        Workspace = paths.Workspace(workspace.Id),
        Tree = workspace.TreeId is { } tree ? paths.Tree(tree) : null,
        Home = paths.Home(workspace.Id),
        Image = settings.Image,
        Environment = SandboxGit.Environment(settings.Environment, forge.Web),
        ControlDirectory = paths.ControlDirectory,
        RegistrationToken = token,
        Limits = limits,
        ReadOnly = new Dictionary<string, string> { [agents.Directory] = AgentEntry.Folder },
        Labels = new Dictionary<string, string>
        {
            ["bots.instance"] = instance.Id,
            ["bots.sandbox"] = id.Value,
            ["bots.session"] = workspace.SessionId?.Value ?? "",
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
