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
                if (loop.Hangs) await Interrupt(loop);
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

    private async Task Interrupt(Background loop)
    {
        LogHangs(logger, loop.Name);
        try
        {
            // What is told of the end may hang as well; the other loops are looked after all the same.
            await loop.Interrupt().WaitAsync(Every, clock);
        }
        catch (Exception e)
        {
            LogNotBroken(logger, loop.Name, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Loop} hangs; what it is doing is broken off")]
    private static partial void LogHangs(ILogger logger, string loop);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Loop} hangs and cannot be broken off; the service has to be restarted")]
    private static partial void LogNotBroken(ILogger logger, string loop, Exception cause);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Loop} had ended; it is started again")]
    private static partial void LogDown(ILogger logger, string loop, Exception? cause);
}
