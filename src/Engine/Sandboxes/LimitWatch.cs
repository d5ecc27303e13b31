using Bots.Engine.Prompts;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Sandbox;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Sandboxes;

/// <summary>Sees to it that a limit that was reached ends as something people can read, and not as a hang.</summary>
public sealed partial class LimitWatch(
    ISandboxProvider provider, SandboxManager manager, IStore store, SessionLog log, TimeProvider clock, ILogger<LimitWatch> logger) : Background(clock, logger)
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(800);

    private readonly ILogger _logger = logger;

    protected override Signal? Wake => manager.Leased;

    protected override async Task<TimeSpan?> Round(CancellationToken cancellation)
    {
        if (!manager.AnyLeased) return null;
        foreach (var breach in await provider.Breaches(cancellation))
        {
            try
            {
                await Take(breach, cancellation);
            }
            catch (SandboxException e)
            {
                // It is told of once; the next must not go with it. Its row is stopped by now, so the reaper goes on.
                NotEnded(_logger, breach.Sandbox, e);
            }
        }

        return Interval;
    }

    private async Task Take(LimitBreach breach, CancellationToken cancellation)
    {
        Reached(_logger, breach.Sandbox, breach.Limit, breach.Allowed);
        if (store.Read(db => SandboxStore.Get(db, breach.Sandbox)) is not { } row) return;
        // Where the kernel has ended one process, the rest may go on. Too many processes or files end by nobody's doing but ours.
        var over = breach.Limit != ResourceLimit.Memory || (await provider.List(cancellation)).All(running => running.Id != breach.Sandbox);
        if (over)
        {
            await manager.Stop(breach.Sandbox, new SandboxException(SandboxFailure.LimitReached, LimitWords.Ended(breach)), cancellation);
            return;
        }

        if (row.SessionId is not { } session) return;
        await store.Write(write =>
        {
            if (PromptStore.RunningIn(write.Db, session) is { } prompt) log.Append(write, session, new SessionEvent.Noted(prompt.Id, LimitWords.Survived(breach)));
        }, cancellation);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sandbox {Sandbox} could not be ended at its limit")]
    private static partial void NotEnded(ILogger logger, SandboxId sandbox, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sandbox {Sandbox} reached its limit: {Limit}, {Allowed}")]
    private static partial void Reached(ILogger logger, SandboxId sandbox, ResourceLimit limit, long allowed);
}

/// <summary>What people read of a limit. Pure.</summary>
internal static class LimitWords
{
    private static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB"];

    public static string Ended(LimitBreach breach) => breach.Limit switch
    {
        ResourceLimit.Memory => $"The sandbox ran out of memory at {Size(breach.Allowed)} and was ended. Ask for a smaller step, or raise `Sandbox:Limits:Memory`.",
        ResourceLimit.Processes => $"The sandbox reached its limit of {breach.Allowed} processes and was ended. Ask for a smaller step, or raise `Sandbox:Limits:Processes`.",
        _ => $"The sandbox's files took more than {Size(breach.Allowed)} and it was ended. Ask for a smaller step, or raise `Sandbox:Limits:Disk`.",
    };

    public static string Survived(LimitBreach breach) => $"Something in the sandbox ran out of memory at {Size(breach.Allowed)} and was ended; the rest goes on.";

    public static string Size(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1024 && unit < Units.Length - 1) (value, unit) = (value / 1024, unit + 1);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value:0.#} {Units[unit]}");
    }
}
