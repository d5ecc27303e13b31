using System.Diagnostics;
using Bots.Configuration;
using Bots.Gateway;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bots.Telemetry;

/// <summary>
/// Traces, metrics and logs by OTLP, configured as OpenTelemetry's standard has it (<c>OTEL_…</c>). Without an endpoint nothing of it is loaded or runs.
/// </summary>
internal static class TelemetrySetup
{
    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.Replace(ServiceDescriptor.Singleton<DistributedContextPropagator>(new NoPropagation()));
        builder.Services.AddSingleton<IConfigurationCheck>(new TelemetryCheck(builder.Configuration));
        if (!TelemetryKeys.IsEnabled(builder.Configuration)) return builder;
        builder.Services.AddSingleton<IHostedService, OtlpExport>();
        if (TelemetryKeys.Wants(builder.Configuration, TelemetryKeys.Logs)) OtlpExport.AddLogs(builder.Logging);
        return builder;
    }

    /// <summary>
    /// Names the spans of requests by their route, and keeps out of the traces what only looks whether the service lives, and what comes over the control socket: the gateway traces that itself, with
    /// the request it belongs to. To be used after routing.
    /// </summary>
    public static WebApplication UseTelemetry(this WebApplication app)
    {
        if (TelemetryKeys.IsEnabled(app.Configuration)) app.Use(Name);
        return app;
    }

    private static Task Name(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is { Recorded: true } activity && context.GetEndpoint() is RouteEndpoint endpoint) Name(activity, context.Request.Method, endpoint);
        return next(context);
    }

    private static void Name(Activity activity, string method, RouteEndpoint endpoint)
    {
        activity.DisplayName = $"{method} {endpoint.RoutePattern.RawText}";
        if (endpoint.RoutePattern.RawText is not ("/healthz" or "/readyz") && !ControlSocket.IsMarked(endpoint)) return;
        activity.IsAllDataRequested = false;
        activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
