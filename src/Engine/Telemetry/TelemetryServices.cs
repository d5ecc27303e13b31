using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bots.Engine.Telemetry;

/// <summary>Registers what measures, for whoever needs it; any number of times.</summary>
public static class TelemetryServices
{
    public static IServiceCollection AddMeasuring(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(provider => new EngineMetrics(provider.GetRequiredService<IMeterFactory>().Create(Spans.Name), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<TurnTraces>();
        return services;
    }
}
