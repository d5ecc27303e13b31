using Bots.Engine;

namespace Bots.Missed;

/// <summary>Runs a loop for every surface that can tell what was missed.</summary>
internal sealed class MissedLoops(
    IEnumerable<IMissedDeliveries> surfaces, MissedLooks looks, IHostApplicationLifetime lifetime, TimeProvider clock, ILoggerFactory loggers) : IHostedService, IHasLoops
{
    public IReadOnlyList<Background> Loops { get; } =
        [.. surfaces.Select(surface => new MissedLoop(surface, looks, lifetime, clock, loggers.CreateLogger<MissedLoop>()))];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var loop in Loops) await loop.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(Loops.Select(loop => loop.StopAsync(cancellationToken)));
}
