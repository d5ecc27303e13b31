using System.Diagnostics;
using System.Net;
using Bots.Configuration;
using Bots.Gateway.Lfs;
using Bots.Engine.Gateway;
using Bots.Engine.Models;
using Bots.Engine.Telemetry;
using Microsoft.AspNetCore.Connections;

namespace Bots.Gateway;

/// <summary>The only way out of a sandbox: model calls and git, with credentials stamped on here.</summary>
public static class GatewaySetup
{
    /// <summary>The HTTP client of everything that leaves through the gateway.</summary>
    internal const string Client = "gateway";

    /// <summary>Adds the gateway. It needs <see cref="Engine.Gateway.IGatewayAccess"/>, <see cref="Engine.Forges.IForge"/> and the models of <see cref="ModelsSetup"/>.</summary>
    public static IServiceCollection AddGateway(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMeasuring();
        services.AddModels(configuration);
        services.AddSingleton<IConfigurationCheck, ModelsOptionsCheck>();
        services.AddHttpClient(Client, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(CreateHandler)
            .RemoveAllLoggers();
        services.AddSingleton<IHostedService, PriceRefresh>();
        services.AddTransient<ModelProxy>().AddSingleton<ModelRooms>().AddSingleton<ModelGate>().AddSingleton<ModelRetry>();
        services.AddCheckedOptions<GatewayOptions>(configuration, "Gateway");
        services.AddTransient<GitProxy>().AddSingleton<PushCheck>().AddSingleton<PushSpool>().AddSingleton<PushRooms>().AddSingleton<GitPace>().AddTransient<LfsProxy>().AddSingleton<LfsTickets>();
        services.AddSingleton(_ => Network(configuration.GetSection("Network"))).AddSingleton<IConfigurationCheck, NetworkOptionsCheck>();
        services.AddSingleton<IHostNames, SystemHostNames>().AddSingleton<IMachineAddresses, MachineAddresses>().AddSingleton(provider => EgressAddresses.Of(provider.GetRequiredService<NetworkOptions>()));
        services.AddSingleton<EgressDialer>().AddSingleton<EgressPace>().AddSingleton<EgressCrowd>().AddSingleton<EgressProxy>().AddSingleton<IConnectionListenerFactory, EgressTransport>();
        return services;
    }

    /// <summary>Maps <c>/llm</c> and <c>/git</c>. They answer on the control socket only, whatever else the host listens on.</summary>
    public static IEndpointConventionBuilder MapGateway(this IEndpointRouteBuilder routes)
    {
        var gateway = routes.MapGroup("").ControlSocketOnly();
        gateway.Map("/llm/{provider}/{**path}", context => Guard(context, static context =>
            context.RequestServices.GetRequiredService<ModelProxy>().Handle(context, Value(context, "provider"), Value(context, "path"))));
        gateway.Map("/git/{owner}/{repository}/{**path}", context => Guard(context, static context =>
            context.RequestServices.GetRequiredService<GitProxy>().Handle(context, Value(context, "owner"), Value(context, "repository"), Value(context, "path"))));
        return gateway;
    }

    /// <summary>Closed even where the host forgot <see cref="ControlSocket.UseControlSocket"/>.</summary>
    private static Task Guard(HttpContext context, RequestDelegate next)
    {
        if (ControlSocket.Carries(context)) return Run(context, next);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    /// <summary>A stopping service does not wait for a model that takes its time; the agent asks again.</summary>
    private static async Task Run(HttpContext context, RequestDelegate next)
    {
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        await using var abort = stopping.Register(context.Abort);
        await next(context);
    }

    private static NetworkOptions Network(IConfigurationSection section) => new()
    {
        Allow = section.GetSection("Allow").Get<string[]>() ?? [],
        Deny = section.GetSection("Deny").Get<string[]>() ?? [],
        AllowPrivate = section.GetSection("AllowPrivate").Get<string[]>() ?? [],
    };

    private static string Value(HttpContext context, string name) => context.Request.RouteValues[name] as string ?? "";

    private static SocketsHttpHandler CreateHandler() => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(10),
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };
}
