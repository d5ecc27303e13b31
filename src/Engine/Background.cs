using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bots.Engine;

/// <summary>A loop of the engine. An exception is logged and counted, and the loop goes on after a pause; it never dies silently.</summary>
public abstract partial class Background(TimeProvider clock, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>A round also waits for work, perhaps for hours; one that lasts this long after a failure does not fail any more.</summary>
    private static readonly TimeSpan Recovered = TimeSpan.FromSeconds(30);

    private int _failures;
    private long _failedAt;

    /// <summary>Failures in a row; 0 when all is well.</summary>
    public int Failures => clock.GetElapsedTime(Volatile.Read(ref _failedAt)) < Recovered ? _failures : 0;

    /// <summary>One round: waits for work and does it.</summary>
    protected abstract Task Round(CancellationToken stopping);

    /// <summary>Runs once, before the first round.</summary>
    protected virtual Task Begin(CancellationToken stopping) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var begun = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!begun) await Begin(stoppingToken);
                begun = true;
                await Round(stoppingToken);
                _failures = 0;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _failures++;
                Volatile.Write(ref _failedAt, clock.GetTimestamp());
                Failed(logger, GetType().Name, e);
                await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Loop} failed; it goes on in a second")]
    private static partial void Failed(ILogger logger, string loop, Exception e);
}

/// <summary>A hosted service that runs loops of its own.</summary>
public interface IHasLoops
{
    IReadOnlyList<Background> Loops { get; }
}
