using Microsoft.Extensions.Logging;

namespace Bots.Engine.Retention;

/// <summary>At start and once a day: removes what is older than it is to be kept.</summary>
internal sealed partial class RetentionLoop(RetentionSweep sweep, TimeProvider clock, ILogger<RetentionLoop> logger) : Background(clock, logger)
{
    private readonly TimeProvider _clock = clock;
    private readonly ILogger _logger = logger;

    protected override async Task Round(CancellationToken stopping)
    {
        foreach (var (what, rows) in await sweep.Run(stopping)) Removed(_logger, rows, what);
        await Task.Delay(TimeSpan.FromDays(1), _clock, stopping);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Rows} of {What} by age")]
    private static partial void Removed(ILogger logger, long rows, string what);
}
