using Bots.Engine;
using Bots.Engine.Surfaces;

namespace Bots.Missed;

/// <summary>Looks at start and every hour for what one surface had to deliver and could not.</summary>
internal sealed partial class MissedLoop(
    IMissedDeliveries missed, MissedLooks looks, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<MissedLoop> logger)
    : Background(clock, logger)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _clock = clock;
    private readonly ILogger _logger = logger;
    private TimeSpan _pause = Soon;

    public override string Name => $"{nameof(MissedLoop)} {missed.Surface}";

    /// <summary>What is sent again at once must find us listening.</summary>
    protected override async Task Begin(CancellationToken stopping)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stopping);
    }

    /// <summary>Limits of the APIs it asks are waited out.</summary>
    protected override TimeSpan Longest => TimeSpan.FromHours(3);

    protected override async Task<TimeSpan?> Round(CancellationToken cancellation)
    {
        var now = _clock.GetUtcNow();
        try
        {
            var found = looks.Until(missed.Surface) is { } last ? await missed.TakeIn(MissedWindow.Since(last, now), cancellation) : 0;
            await looks.Looked(missed.Surface, now);
            if (found > 0) LogFound(_logger, found, missed.Surface);
            // What was asked for again may have failed again, so the next look is soon; but not every minute for ever.
            _pause = MissedWindow.Pause(found, _pause);
            return _pause;
        }
        catch (SurfaceException e)
        {
            LogPutOff(_logger, missed.Surface, e.Message);
            if (e.IsFinal) return Hour;
            return e.RetryAfter is { } pause && pause > Soon ? pause : Soon;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Found} deliveries of {Surface} had been missed and are taken in now")]
    private static partial void LogFound(ILogger logger, int found, string surface);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nobody can tell what {Surface} delivered in vain; it is asked again later: {Why}")]
    private static partial void LogPutOff(ILogger logger, string surface, string why);
}

/// <summary>How far back is looked, and how often. Pure.</summary>
internal static class MissedWindow
{
    /// <summary>Older deliveries GitHub no longer keeps, and nobody waits for an answer any more. The inbox remembers for longer what it had.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3);

    /// <summary>What was under way at the last look, and clocks that differ.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static DateTimeOffset Since(DateTimeOffset last, DateTimeOffset now) => last - Overlap > now - Longest ? last - Overlap : now - Longest;

    /// <param name="before">The pause before this look.</param>
    public static TimeSpan Pause(int found, TimeSpan before)
    {
        if (found == 0) return Hour;
        if (before == Hour) return Minute;
        return 2 * before < Hour ? 2 * before : Hour;
    }
}
