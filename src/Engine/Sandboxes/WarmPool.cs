using System.Collections.Concurrent;
using Bots.Engine.Agents;
using Bots.Engine.Forges;
using Bots.Engine.Models;
using Bots.Engine.Repositories;
using Bots.Engine.Storage;
using Bots.Engine.Turns;
using Bots.Engine.Workspaces;
using Bots.Sandbox;
using Bots.Sandbox.Sidecars;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Sandboxes;

/// <summary>Told when somebody is likely to ask soon.</summary>
public interface IWarmPool
{
    /// <summary>Somebody is about to ask for something in this repository: they are typing, or look at it.</summary>
    void Hint(RepositoryName repository);
}

/// <summary>Keeps sandboxes warm: checked out, set up, with an agent that has been introduced. A session takes one over instead of starting its own.</summary>
internal sealed partial class WarmPool : Background, IWarmPool
{
    /// <summary>How long a hint is believed.</summary>
    internal static readonly TimeSpan Hinted = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<RepositoryName, DateTimeOffset> _hints = new();
    private readonly Signal _wanted = new();
    private readonly Warmer _warmer;
    private readonly SandboxManager _manager;
    private readonly SandboxStore _sandboxes;
    private readonly ISandboxProvider _provider;
    private readonly IStore _store;
    private readonly PoolOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    public WarmPool(
        Warmer warmer, SandboxManager manager, SandboxStore sandboxes, ISandboxProvider provider, IStore store, SandboxOptions options, TimeProvider clock, ILogger<WarmPool> logger)
        : base(clock, logger) =>
        (_warmer, _manager, _sandboxes, _provider, _store, _options, _clock, _logger) = (warmer, manager, sandboxes, provider, store, options.Pool, clock, logger);

    public void Hint(RepositoryName repository)
    {
        if (_options.Size == 0) return;
        _hints[repository] = _clock.GetUtcNow() + Hinted;
        _wanted.Set();
    }

    /// <summary>What was warm before a restart was wanted by somebody.</summary>
    protected override Task Begin(CancellationToken stopping)
    {
        foreach (var row in _store.Read(SandboxStore.Warm)) _hints.TryAdd(row.Repository, row.StartedAt + Hinted);
        return Task.CompletedTask;
    }

    protected override Signal? Wake => _wanted;

    /// <summary>A repository may take its time to be set up.</summary>
    protected override TimeSpan Longest => TimeSpan.FromHours(3);

    protected override async Task<TimeSpan?> Round(CancellationToken cancellation)
    {
        if (_options.Size == 0) return null;
        await Tend(cancellation);
        return _options.Minimum > 0 || !_hints.IsEmpty ? Look : null;
    }

    /// <summary>Ends what is old, dead or not wanted any more, and starts what is wanted and missing.</summary>
    internal async Task Tend(CancellationToken cancellation)
    {
        var now = _clock.GetUtcNow();
        foreach (var (repository, until) in _hints)
        {
            if (until <= now) _hints.TryRemove(repository, out _);
        }

        var wanted = Wanted(now);
        var running = (await _provider.List(cancellation)).Select(sandbox => sandbox.Id).ToHashSet();
        var kept = new Dictionary<RepositoryName, int>();
        foreach (var row in _store.Read(SandboxStore.Warm))
        {
            var healthy = row.AgentReady && running.Contains(row.Id) && now - row.StartedAt < _options.MaximumAge;
            if (healthy && kept.GetValueOrDefault(row.Repository) < wanted.GetValueOrDefault(row.Repository)) kept[row.Repository] = kept.GetValueOrDefault(row.Repository) + 1;
            else await Retire(row, cancellation);
        }

        foreach (var (repository, count) in wanted)
        {
            for (var have = kept.GetValueOrDefault(repository); have < count; have++) await Warm(repository, cancellation);
        }
    }

    /// <summary>How many for each repository: those that were hinted at first.</summary>
    private Dictionary<RepositoryName, int> Wanted(DateTimeOffset now)
    {
        var wanted = new Dictionary<RepositoryName, int>();
        var inUse = _options.Minimum > 0 ? _store.Read(db => TreePreparer.InUse(db, now)) : [];
        var room = _options.Size;
        foreach (var (repository, count) in _hints.Keys.Select(r => (r, Math.Max(1, _options.Minimum))).Concat(inUse.Where(r => !_hints.ContainsKey(r)).Select(r => (r, _options.Minimum))))
        {
            if (room <= 0) break;
            wanted[repository] = Math.Min(count, room);
            room -= wanted[repository];
        }

        return wanted;
    }

    private async Task Warm(RepositoryName repository, CancellationToken cancellation)
    {
        try
        {
            await _warmer.Warm(repository, cancellation);
        }
        catch (Exception e) when (e is SandboxException or TurnException or AgentException or ForgeException)
        {
            // Not tried again before the next hint: whoever asks will be told what is wrong.
            _hints.TryRemove(repository, out _);
            NotWarmed(_logger, repository, e.Message);
        }
    }

    private async Task Retire(SandboxRow row, CancellationToken cancellation)
    {
        if (!await _sandboxes.Retire(row.Id)) return;
        await _manager.Stop(row.Id, cancellation);
        Retired(_logger, row.Id, row.Repository);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No sandbox could be warmed for {Repository}: {Problem}")]
    private static partial void NotWarmed(ILogger logger, RepositoryName repository, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Warm sandbox {Sandbox} for {Repository} is retired")]
    private static partial void Retired(ILogger logger, SandboxId sandbox, RepositoryName repository);
}

/// <summary>Makes one sandbox warm.</summary>
internal sealed partial class Warmer(
    SandboxManager manager, SandboxStore sandboxes, WorkspaceStore workspaces, AgentStarter starter, IForge forge, IRepositorySettings repositories, AgentsOptions agents,
    ModelProviders models, TimeProvider clock, ILogger<Warmer> logger)
{
    public async Task Warm(RepositoryName repository, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        var workspace = await workspaces.Spare(repository, empty: false, cancellation);
        try
        {
            var lease = await manager.Start(workspace, SandboxPurpose.Pool, cancellation);
            try
            {
                await Prepare(lease.Connection, repository, cancellation);
            }
            catch
            {
                await lease.DisposeAsync();
                if (await sandboxes.Retire(lease.Connection.Sandbox)) await manager.Stop(lease.Connection.Sandbox, CancellationToken.None);
                throw;
            }

            await lease.DisposeAsync();
            Warmed(logger, lease.Connection.Sandbox, repository, clock.GetElapsedTime(started).TotalMilliseconds);
        }
        catch
        {
            await workspaces.Remove(workspace.Id);
            throw;
        }
    }

    private async Task Prepare(ISandboxConnection sandbox, RepositoryName repository, CancellationToken cancellation)
    {
        var settings = await repositories.Of(repository, cancellation);
        var checkout = new Checkout(sandbox);
        await checkout.Clone(repository, await forge.DefaultBranch(repository, cancellation), cancellation);
        if (await checkout.SetUp(settings.Setup, cancellation) is { } problem) throw new TurnException($"its `setup` failed: {problem}");
        await checkout.Begin(settings.Start, cancellation);
        await starter.Start(new AgentOrder(agents.Default, models.Default?.ToString()), sandbox, cancellation);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Sandbox {Sandbox} is warm for {Repository}, after {Milliseconds:0} ms")]
    private static partial void Warmed(ILogger logger, SandboxId sandbox, RepositoryName repository, double milliseconds);
}
