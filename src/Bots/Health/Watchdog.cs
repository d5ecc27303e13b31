using Bots.Engine;

namespace Bots.Health;

/// <summary>Starts loops again that ended although nobody stopped them, and breaks off rounds that hang. A loop outlives its own failures, so this is for what nobody thought of.</summary>
internal sealed partial class Watchdog(IServiceProvider services, TimeProvider clock, ILogger<Watchdog> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The loops are services of the host, as this is: they are there once it has been made.
        var loops = IHasLoops.Among(services.GetServices<IHostedService>()).ToList();
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var loop in loops)
            {
                if (loop.IsDown) Restart(loop);
                if (loop.Hangs) Interrupt(loop);
            }

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

    private void Interrupt(Background loop)
    {
        try
        {
            LogHangs(logger, loop.Name);
        }
        finally
        {
            loop.Interrupt();
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Loop} hangs; what it is doing is broken off")]
    private static partial void LogHangs(ILogger logger, string loop);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Loop} had ended; it is started again")]
    private static partial void LogDown(ILogger logger, string loop, Exception? cause);
}
