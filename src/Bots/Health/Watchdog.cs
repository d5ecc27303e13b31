using Bots.Engine;

namespace Bots.Health;

/// <summary>Starts loops again that ended although nobody stopped them. A loop outlives its own failures, so this is for what nobody thought of.</summary>
internal sealed partial class Watchdog(IServiceProvider services, TimeProvider clock, ILogger<Watchdog> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The loops are services of the host, as this is: they are there once it has been made.
        var loops = IHasLoops.Among(services.GetServices<IHostedService>()).ToList();
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var loop in loops.Where(loop => loop.IsDown)) Restart(loop);
            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Restart(Background loop)
    {
        try
        {
            LogDown(logger, loop.Name, loop.Cause);
        }
        finally
        {
            loop.Restart();
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Loop} had ended; it is started again")]
    private static partial void LogDown(ILogger logger, string loop, Exception? cause);
}
