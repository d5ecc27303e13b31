using Bots.Engine.Storage;

namespace Bots.Health;

/// <summary>What tells whether the service is well, and what helps it up.</summary>
internal static class HealthSetup
{
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        // A loop that ended is started again; it does not take the service with it.
        services.Configure<HostOptions>(host => host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore);
        return services.AddSingleton<StoreProbe>().AddSingleton<Readiness>().AddHostedService<Watchdog>();
    }

    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => TypedResults.Ok(new { status = "alive" }));
        routes.MapGet("/readyz", (Readiness readiness) => readiness.Result());
        return routes;
    }
}
