using Bots.Engine.Forges;
using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Engine.Surfaces;
using Bots.Engine.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bots.Engine;

/// <summary>Runs an intake loop for every reader and a reconciler for every surface that the host has registered.</summary>
internal sealed class SurfaceLoops(
    IEnumerable<IDeliveryReader> readers, IEnumerable<ISurface> surfaces, Inbox inbox, IntakeEffects effects, IForge forge,
    SessionStore sessions, SessionLog log, Notices notices, IStore store, EngineMetrics metrics, TimeProvider clock, ILoggerFactory loggers) : IHostedService, IHasLoops
{
    public IReadOnlyList<Background> Loops { get; } =
    [
        .. surfaces.Select(surface => new Reconciler(surface, sessions, log, notices, store, metrics, clock, loggers.CreateLogger<Reconciler>())),
        .. readers.Select(reader => new IntakeLoop(reader, inbox, effects, forge, store, metrics, clock, loggers.CreateLogger<IntakeLoop>())),
    ];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var loop in Loops) await loop.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(Loops.Select(loop => loop.StopAsync(cancellationToken)));
}
