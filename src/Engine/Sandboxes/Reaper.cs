using System.Data;
using Bots.Engine.Prompts;
using Bots.Engine.Storage;
using Bots.Engine.Workspaces;
using Bots.Sandbox;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Sandboxes;

/// <summary>At start and every minute: stops what nobody owns and what has been idle for too long, and forgets what is gone.</summary>
public sealed partial class Reaper(
    ISandboxProvider provider, SandboxManager manager, SandboxStore sandboxes, IStore store, Housekeeper housekeeper, SandboxOptions options,
    TimeProvider clock, ILogger<Reaper> logger)
    : Background(clock, logger)
{
    private const int MostAtOnce = 8;

    private readonly TimeProvider _clock = clock;
    private readonly ILogger _logger = logger;

    /// <summary>Many workspaces may have to be packed, one after the other.</summary>
    protected override TimeSpan Longest => TimeSpan.FromHours(1);

    protected override async Task<TimeSpan?> Round(CancellationToken cancellation)
    {
        await Reap(cancellation);
        return TimeSpan.FromMinutes(1);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // A turn's sandbox lives on: its agent works while the service is away. An idle one is of no use to anybody.
        // Several at the same time: whoever ended the service waits for it, and not for long.
        var idle = new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = CancellationToken.None };
        await Parallel.ForEachAsync(store.Read(Unused), idle, async (row, _) => await Stop(row.Id, () => manager.Stop(row.Id, CancellationToken.None)));
    }

    internal async Task Reap(CancellationToken cancellation)
    {
        var running = await provider.List(cancellation);
        var live = store.Read(SandboxStore.Live).Select(row => row.Id).ToHashSet();
        foreach (var sandbox in running.Where(r => !live.Contains(r.Id)))
        {
            Orphan(_logger, sandbox.Id);
            await Stop(sandbox.Id, () => provider.Stop(sandbox.Id, cancellation));
        }

        var now = _clock.GetUtcNow();
        foreach (var row in store.Read(Unused).Where(row => row.Purpose != SandboxPurpose.Pool || options.Pool.Size == 0))
        {
            if (running.All(r => r.Id != row.Id)) await sandboxes.Stopped(row.Id);
            else if (row.IdleSince is not { } since) await sandboxes.IdleSince(row.Id, now);
            else if ((now - since >= options.IdleTimeout || row.Purpose != SandboxPurpose.Session) && await sandboxes.Retire(row.Id, since))
            {
                Idle(_logger, row.Id, row.SessionId);
                await Stop(row.Id, () => manager.Stop(row.Id, cancellation));
            }
        }

        await housekeeper.Tidy(cancellation);
    }

    /// <summary>One that does not end is nobody's row any more, and is tried again as such; the others do not wait for it.</summary>
    private async Task Stop(SandboxId sandbox, Func<Task> stop)
    {
        try
        {
            await stop();
        }
        catch (SandboxException e)
        {
            DoesNotEnd(_logger, sandbox, e);
        }
    }

    /// <summary>Sandboxes that no turn uses, nor will take up again; those of the pool among them, which the pool itself looks after.</summary>
    private List<SandboxRow> Unused(IDbConnection db)
    {
        var working = PromptStore.Running(db).Select(prompt => prompt.SessionId).ToHashSet();
        return [.. SandboxStore.Live(db).Where(row => !manager.IsLeased(row.Id) && (row.SessionId is not { } session || !working.Contains(session)))];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sandbox {Sandbox} belongs to nobody; it is stopped")]
    private static partial void Orphan(ILogger logger, SandboxId sandbox);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sandbox {Sandbox} does not end; it is tried again")]
    private static partial void DoesNotEnd(ILogger logger, SandboxId sandbox, Exception e);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sandbox {Sandbox} of {Session} was idle; it is stopped")]
    private static partial void Idle(ILogger logger, SandboxId sandbox, SessionId? session);
}
