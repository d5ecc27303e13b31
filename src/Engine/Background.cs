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
    private long _allFailures;
    private long _failedAt;
    private long _succeededAt;
    private volatile bool _isStopping;
    private volatile Task? _running;
    private CancellationToken _stopping;
    private bool _begun;

    /// <summary>What it is called where its health is told.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>When a round last ended well; null before the first did. A round may wait for work for hours.</summary>
    public DateTimeOffset? LastSuccess => Volatile.Read(ref _succeededAt) is > 0 and var at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    /// <summary>How much waits to be done; null where nothing can.</summary>
    public virtual int? Backlog => null;

    /// <summary>True when it ended although nobody stopped it.</summary>
    public bool IsDown => !_isStopping && _running is { IsCompleted: true };

    /// <summary>What it ended with; null while it runs, and when it ended in peace.</summary>
    public Exception? Cause => _running?.Exception?.GetBaseException();

    /// <summary>Failures in a row; 0 when all is well.</summary>
    public int Failures => clock.GetElapsedTime(Volatile.Read(ref _failedAt)) < Recovered ? _failures : 0;

    /// <summary>Failures since the service started.</summary>
    public long AllFailures => Volatile.Read(ref _allFailures);

    /// <summary>Goes on after it went down. What it began stays begun. For one caller at a time.</summary>
    public void Restart()
    {
        if (IsDown) _running = Run(_stopping);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        await base.StopAsync(cancellationToken);
        if (_running is { } running) await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>One round: waits for work and does it.</summary>
    protected abstract Task Round(CancellationToken stopping);

    /// <summary>Done once, before the first round.</summary>
    protected virtual Task Begin(CancellationToken stopping) => Task.CompletedTask;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        return _running = Run(stoppingToken);
    }

    private async Task Run(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!_begun) await Begin(stoppingToken);
                _begun = true;
                await Round(stoppingToken);
                _failures = 0;
                Volatile.Write(ref _succeededAt, clock.GetUtcNow().ToUnixTimeMilliseconds());
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _failures++;
                Interlocked.Increment(ref _allFailures);
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

    /// <summary>All loops there are among a host's services.</summary>
    static IEnumerable<Background> Among(IEnumerable<IHostedService> services) =>
        services.SelectMany(service => service switch { IHasLoops many => many.Loops, Background one => [one], _ => Enumerable.Empty<Background>() });
}
