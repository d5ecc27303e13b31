using System.Diagnostics;
using System.Net.Http.Headers;
using Bots.Configuration;
using Bots.Engine.Intake;
using Bots.Engine.Surfaces;
using Bots.Engine.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Bots.Slack;

/// <summary>Slack as a surface: off until a token or a signing secret is set.</summary>
public static class SlackSetup
{
    /// <summary>Needs an <see cref="IInbox"/> and a <see cref="Engine.Rates.RateGate"/> from elsewhere.</summary>
    public static IServiceCollection AddSlack(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(SlackOptions.Section);
        services.Configure<SlackOptions>(section);
        services.AddSingleton<IConfigurationCheck, SlackOptionsCheck>();
        if (!IsEnabled(section)) return services;

        services.TryAddSingleton(TimeProvider.System);
        services.AddMeasuring();
        services.AddHttpClient(SlackClient.HttpClientName, Configure)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
            })
            .RemoveAllLoggers();
        services.AddSingleton<SlackEndpoints>();
        services.AddSingleton<SlackLimits>();
        services.AddSingleton<SlackClient>();
        services.AddSingleton<SlackDirectory>();
        services.AddSingleton<SlackAccess>();
        services.AddSingleton<SlackThreadReader>();
        services.AddSingleton<SlackMessageReader>();
        services.AddSingleton<SlackInteractionReader>();
        services.AddSingleton<IDeliveryReader, SlackReader>();
        services.AddSingleton<ISurface, SlackSurface>();
        return services;
    }

    /// <summary>Maps nothing while Slack is not configured.</summary>
    public static IEndpointRouteBuilder MapSlack(this IEndpointRouteBuilder endpoints)
    {
        if (!endpoints.ServiceProvider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(SlackEndpoints))) return endpoints;
        var group = endpoints.MapGroup("/webhooks/slack");
        group.MapPost("/events", http => Slack(http).Events(http));
        group.MapPost("/interactivity", http => Slack(http).Interactivity(http));
        group.MapPost("/commands", http => Slack(http).Commands(http));
        group.MapGet("/interactivity", SlackEndpoints.SslCheck);
        group.MapGet("/commands", SlackEndpoints.SslCheck);
        return endpoints;

        static SlackEndpoints Slack(HttpContext http) => http.RequestServices.GetRequiredService<SlackEndpoints>();
    }

    /// <summary>True as soon as somebody began to configure it.</summary>
    internal static bool IsEnabled(IConfiguration section) =>
        !string.IsNullOrWhiteSpace(section[nameof(SlackOptions.BotToken)]) || !string.IsNullOrWhiteSpace(section[nameof(SlackOptions.SigningSecret)]);

    private static void Configure(IServiceProvider services, HttpClient client)
    {
        var options = services.GetRequiredService<IOptions<SlackOptions>>().Value;
        client.BaseAddress = options.ApiBase;
        client.Timeout = TimeSpan.FromSeconds(20);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.BotToken);
        client.DefaultRequestHeaders.UserAgent.ParseAdd("Bots");
    }
}
