using Bots.Engine.Forges;
using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Engine.Surfaces;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bots.Engine;

/// <summary>Runs an intake loop for every reader and a reconciler for every surface that the host has registered.</summary>
internal sealed class SurfaceLoops(
    IEnumerable<IDeliveryReader> readers, IEnumerable<ISurface> surfaces, Inbox inbox, IntakeEffects effects, IForge forge,
    SessionStore sessions, SessionLog log, Notices notices, IStore store, TimeProvider clock, ILoggerFactory loggers) : IHostedService, IHasLoops
{
    public IReadOnlyList<Background> Loops { get; } =
    [
        .. surfaces.Select(surface => new Reconciler(surface, sessions, log, notices, store, clock, loggers.CreateLogger<Reconciler>())),
        .. readers.Select(reader => new IntakeLoop(reader, inbox, effects, forge, store, clock, loggers.CreateLogger<IntakeLoop>())),
    ];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var loop in Loops) await loop.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(Loops.Select(loop => loop.StopAsync(cancellationToken)));
}
