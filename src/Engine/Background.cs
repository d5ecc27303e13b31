using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bots.Engine;

/// <summary>
/// A loop of the engine: it does what there is to do, then rests until it is woken or it is time to look again. An exception is logged and
/// counted, and the loop goes on after a pause; it never dies silently, and it can be told from outside when it hangs.
/// </summary>
public abstract partial class Background(TimeProvider clock, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>A round may take long; one that goes on for as long as this after a failure does not fail any more.</summary>
    private static readonly TimeSpan Recovered = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private (CancellationTokenSource Cancellation, long Begun)? _round;
    private volatile int _failures;
    private long _allFailures;
    private long _succeededAt;
    private volatile bool _isStopping;
    private volatile Task? _running;
    private bool _begun;

    /// <summary>What it is called where its health is told.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>When a round last ended well; null before the first did. Hours ago, where there was nothing to do.</summary>
    public DateTimeOffset? LastSuccess => Volatile.Read(ref _succeededAt) is > 0 and var at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    /// <summary>How much waits to be done; null where nothing can.</summary>
    public virtual int? Backlog => null;

    /// <summary>True when it ended although nobody stopped it.</summary>
    public bool IsDown => !_isStopping && _running is { IsCompleted: true };

    /// <summary>What it ended with; null while it runs, and when it ended in peace.</summary>
    public Exception? Cause => _running?.Exception?.GetBaseException();

    /// <summary>True when a round takes longer than any should. What a round only begins is not looked at.</summary>
    public bool Hangs => InRound > Longest;

    /// <summary>Failures in a row; 0 when all is well.</summary>
    public int Failures => InRound >= Recovered ? 0 : _failures;

    /// <summary>Failures since the service started.</summary>
    public long AllFailures => Volatile.Read(ref _allFailures);

    /// <summary>Goes on after it went down. What it began stays begun. For one caller at a time.</summary>
    public void Restart()
    {
        if (IsDown) _running = Run();
    }

    /// <summary>Breaks a round off that hangs, which then counts as failed. One that does not mind goes on hanging.</summary>
    public Task Interrupt()
    {
        lock (_lock) return _round?.Cancellation.CancelAsync() ?? Task.CompletedTask;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        await base.StopAsync(cancellationToken);
        if (_running is { } running) await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>How long the round under way has taken; zero during a rest.</summary>
    private TimeSpan InRound
    {
        get
        {
            lock (_lock) return _round is { } round ? clock.GetElapsedTime(round.Begun) : TimeSpan.Zero;
        }
    }

    /// <summary>Cancelled when the service stops; for what a round begins and leaves to itself.</summary>
    protected CancellationToken Stopping { get; private set; }

    /// <summary>Ends a rest before its time; null where nothing does.</summary>
    protected virtual Signal? Wake => null;

    /// <summary>A round that takes longer hangs.</summary>
    protected virtual TimeSpan Longest => TimeSpan.FromMinutes(10);

    /// <summary>Does what there is to do.</summary>
    /// <param name="cancellation">Also when the round is broken off because it hangs.</param>
    /// <returns>How long to rest before the next round; null: until it is woken.</returns>
    protected abstract Task<TimeSpan?> Round(CancellationToken cancellation);

    /// <summary>Done once, before the first round.</summary>
    protected virtual Task Begin(CancellationToken stopping) => Task.CompletedTask;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Stopping = stoppingToken;
        return _running = Run();
    }

    private async Task Run()
    {
        await Task.Yield();
        while (!Stopping.IsCancellationRequested)
        {
            try
            {
                var rest = await WatchedRound();
                _failures = 0;
                Volatile.Write(ref _succeededAt, clock.GetUtcNow().ToUnixTimeMilliseconds());
                if (rest != TimeSpan.Zero) await (Wake?.Wait(rest, clock, Stopping) ?? Task.Delay(rest ?? Timeout.InfiniteTimeSpan, clock, Stopping));
            }
            catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _failures++;
                Interlocked.Increment(ref _allFailures);
                Failed(logger, GetType().Name, e);
                await Task.Delay(Pause, clock, Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<TimeSpan?> WatchedRound()
    {
        // Never disposed, since somebody may be about to cancel it.
        var cancellation = new CancellationTokenSource();
        await using var linked = Stopping.Register(cancellation.Cancel);
        lock (_lock) _round = (cancellation, clock.GetTimestamp());
        try
        {
            if (!_begun) await Begin(cancellation.Token);
            _begun = true;
            return await Round(cancellation.Token);
        }
        finally
        {
            lock (_lock) _round = null;
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
