using Microsoft.Extensions.Logging;

namespace Bots.Engine.Retention;

/// <summary>At start and once a day: removes what is older than it is to be kept.</summary>
internal sealed partial class RetentionLoop(RetentionSweep sweep, TimeProvider clock, ILogger<RetentionLoop> logger) : Background(clock, logger)
{
    private readonly ILogger _logger = logger;

    /// <summary>There may be years to remove when it is first switched on.</summary>
    protected override TimeSpan Longest => TimeSpan.FromHours(1);

    protected override async Task<TimeSpan?> Round(CancellationToken cancellation)
    {
        foreach (var (what, rows) in await sweep.Run(cancellation)) Removed(_logger, rows, what);
        return TimeSpan.FromDays(1);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Rows} of {What} by age")]
    private static partial void Removed(ILogger logger, long rows, string what);
}
