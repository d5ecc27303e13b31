using Bots.Engine;
using Bots.Engine.Intake;
using Bots.Engine.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bots.Api;

/// <summary>Whether the service does its job: every loop of the engine is well.</summary>
internal sealed class Readiness(IEnumerable<IHostedService> services, IStore store)
{
    public JsonHttpResult<ReadinessReport> Result()
    {
        var failing = services.OfType<IHasLoops>().SelectMany(s => s.Loops).Concat(services.OfType<Background>())
            .Where(loop => loop.Failures > 0)
            .GroupBy(loop => loop.GetType().Name).ToDictionary(same => same.Key, same => same.Max(loop => loop.Failures));
        return TypedResults.Json(new ReadinessReport(failing.Count == 0, failing, store.Read(InboxEntry.Parked)),
            statusCode: failing.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

/// <param name="Failing">Loops whose last round failed, with how often in a row.</param>
/// <param name="Parked">Deliveries that were given up and wait for somebody to look at them; they make nobody unready.</param>
internal sealed record ReadinessReport(bool Ready, IReadOnlyDictionary<string, int> Failing, int Parked);
