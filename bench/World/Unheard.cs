using System.Diagnostics.Metrics;
using Bots.Engine.Telemetry;

namespace Bots.Bench.World;

/// <summary>For parts of the engine that are measured by themselves: metrics that nobody listens to.</summary>
public static class Unheard
{
    public static EngineMetrics Metrics { get; } = new(new Meter("unheard"), TimeProvider.System);
}
