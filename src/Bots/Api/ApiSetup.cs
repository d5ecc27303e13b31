using Bots.Configuration;
using Bots.Engine.Storage;
using Bots.Engine.Workspaces;

namespace Bots.Api;

/// <summary>The HTTP API.</summary>
public static class ApiSetup
{
    public static IServiceCollection AddApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(new ApiOptions { Token = configuration["Api:Token"] });
        services.AddSingleton<IConfigurationCheck, ApiOptionsCheck>();
        return services;
    }

    public static IEndpointRouteBuilder MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api").AddEndpointFilter<ApiAccess>();
        api.MapGet("/sessions", SessionEndpoints.List);
        api.MapGet("/sessions/{id}", SessionEndpoints.Get);
        api.MapGet("/sessions/{id}/events", SessionEndpoints.Events);
        api.MapGet("/inbox", InboxEndpoints.List);
        api.MapPost("/inbox/{id}/retry", InboxEndpoints.Retry);
        api.MapPost("/erase", ErasureEndpoints.Erase);
        api.MapPost("/repositories/{owner}/{name}/warm", RepositoryEndpoints.Warm);
        api.MapGet("/snapshots", (IStore store) => TypedResults.Json(store.Read(Snapshots.List), EngineJson.Options));
        api.MapGet("/audit", AuditEndpoints.Export);
        api.MapGet("/audit/verify", AuditEndpoints.Verify);
        return routes;
    }
}

/// <summary>Section <c>Api</c>.</summary>
public sealed record ApiOptions
{
    /// <summary>Bearer token; secret. Without one the API answers callers on this machine only.</summary>
    public string? Token { get; init; }
}

internal sealed class ApiOptionsCheck(ApiOptions options) : IConfigurationCheck
{
    public IEnumerable<ConfigurationProblem> Check()
    {
        if (options.Token is { } token && token.Trim().Length < 16)
        {
            yield return new("Api:Token", "is shorter than 16 characters", "Set a long random one (openssl rand -hex 32), or remove the key to answer callers on this machine only.");
        }
    }
}
