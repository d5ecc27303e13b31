using System.Diagnostics.Metrics;

namespace Bots.Engine.Telemetry;

/// <summary>How finely durations are told apart, in seconds.</summary>
internal static class Buckets
{
    /// <summary>What should take no time.</summary>
    public static readonly InstrumentAdvice<double> Moments = Of(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 3, 10);

    /// <summary>What people should not notice.</summary>
    public static readonly InstrumentAdvice<double> Waits = Of(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 3600);

    /// <summary>What agents and people take their time for.</summary>
    public static readonly InstrumentAdvice<double> Turns = Of(0.1, 1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 5400);

    private static InstrumentAdvice<double> Of(params double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };
}
