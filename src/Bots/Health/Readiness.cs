using Bots.Engine;
using Bots.Engine.Intake;
using Bots.Engine.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bots.Health;

/// <summary>Whether the service does its job: the store can be written, and every loop is there and well. While migrations run, nothing listens yet.</summary>
internal sealed class Readiness(IEnumerable<IHostedService> services, IStore store, StoreProbe probe)
{
    public async Task<JsonHttpResult<ReadinessReport>> Result()
    {
        var loops = IHasLoops.Among(services).ToList();
        var failing = loops.Where(loop => loop.Failures > 0)
            .GroupBy(loop => loop.GetType().Name).ToDictionary(same => same.Key, same => same.Max(loop => loop.Failures));
        var trouble = await probe.Trouble();
        var report = new ReadinessReport
        {
            Ready = failing.Count == 0 && trouble is null && loops.TrueForAll(loop => !loop.IsDown && !loop.Hangs),
            Failing = failing,
            Store = trouble,
            Parked = store.Read(InboxEntry.Parked),
            Loops = [.. loops.Select(loop => new LoopHealth(loop.Name, loop.LastSuccess, loop.Failures, loop.Backlog, loop.IsDown, loop.Hangs))],
        };
        return TypedResults.Json(report, EngineJson.Options, statusCode: report.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

internal sealed record ReadinessReport
{
    public required bool Ready { get; init; }

    /// <summary>Kinds of loops whose last round failed, with how often in a row.</summary>
    public required IReadOnlyDictionary<string, int> Failing { get; init; }

    /// <summary>Why the store cannot be written; absent when it can.</summary>
    public string? Store { get; init; }

    /// <summary>Deliveries that were given up and wait for somebody to look at them; they make nobody unready.</summary>
    public required int Parked { get; init; }

    public required IReadOnlyList<LoopHealth> Loops { get; init; }
}

/// <param name="LastSuccess">When a round last ended well.</param>
/// <param name="Failures">In a row.</param>
/// <param name="Backlog">How much waits; absent where nothing can.</param>
/// <param name="Down">It ended, and is started again within seconds.</param>
/// <param name="Hangs">It has been at one round for longer than any should take; the watchdog breaks it off, if it lets it.</param>
internal sealed record LoopHealth(string Name, DateTimeOffset? LastSuccess, int Failures, int? Backlog, bool Down, bool Hangs);
