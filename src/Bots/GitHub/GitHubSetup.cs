using System.Diagnostics;
using Bots.Configuration;
using Bots.Engine.Forges;
using Bots.Engine.Intake;
using Bots.Engine.Surfaces;
using Bots.Engine.Telemetry;

namespace Bots.GitHub;

/// <summary>Puts the GitHub kit together.</summary>
public static class GitHubSetup
{
    /// <summary>
    /// Adds the forge, which works without credentials too, and, as soon as any are set, the surface, its reader and its endpoint.
    /// Needs a <see cref="TimeProvider"/>, a <see cref="Engine.Rates.RateGate"/> and, for the endpoint, an <see cref="IInbox"/>.
    /// </summary>
    public static IServiceCollection AddGitHub(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IConfigurationCheck>(new GitHubOptionsCheck(configuration));
        services.AddSingleton<IConfigurationCheck>(new RepositoryOptionsCheck(configuration));

        // Read when first asked for: by then the checks have told everything that is wrong with them.
        services.AddSingleton(_ => GitHubOptions.Read(configuration));
        services.AddSingleton<IReadOnlyList<KnownRepository>>(_ => [.. RepositoryOptions.Read(configuration).Select(r => r.ToKnown())]);

        services.AddMeasuring();
        services.AddHttpClient(GitHubHttp.ClientName, client => client.Timeout = TimeSpan.FromSeconds(30))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromSeconds(10),
                ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
            });
        services.AddSingleton<GitHubLimits>();
        services.AddSingleton<GitHubHttp>();
        services.AddSingleton<GitHubTokens>();
        services.AddSingleton<GitHubIdentity>();
        services.AddSingleton<GitHubClient>();
        services.AddSingleton<IForge, GitHubForge>();

        if (!GitHubOptions.IsEnabled(configuration)) return services;
        services.AddSingleton<GitHubEndpoints>();
        services.AddSingleton<IDeliveryReader, GitHubReader>();
        services.AddSingleton<ISurface, GitHubSurface>();
        return services;
    }

    /// <summary>Maps <c>POST /webhooks/github</c>; nothing when GitHub is not set up.</summary>
    public static IEndpointRouteBuilder MapGitHub(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(GitHubEndpoints)))
            routes.MapPost(GitHubEndpoints.Path, static (HttpContext context) => context.RequestServices.GetRequiredService<GitHubEndpoints>().Receive(context));
        return routes;
    }
}
