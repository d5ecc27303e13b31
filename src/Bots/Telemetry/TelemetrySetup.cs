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
        // Spans of requests say which they are (a query is never a part of it); read when the host is built, and paid for by each request.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        builder.Services.AddSingleton<IHostedService, OtlpExport>();
        if (TelemetryKeys.Wants(builder.Configuration, TelemetryKeys.Logs)) OtlpExport.AddLogs(builder.Logging);
        return builder;
    }

    /// <summary>
    /// Names the spans of requests by their route, and keeps out of the traces what only looks whether the service lives, what asks for something that is not there, and what comes over the control socket: the gateway traces that itself, with
    /// the request it belongs to. To be used after routing.
    /// </summary>
    public static WebApplication UseTelemetry(this WebApplication app)
    {
        if (TelemetryKeys.IsEnabled(app.Configuration)) app.Use(Name);
        return app;
    }

    private static Task Name(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is { Recorded: true } activity) Name(activity, context.Request.Method, context.GetEndpoint() as RouteEndpoint);
        return next(context);
    }

    private static void Name(Activity activity, string method, RouteEndpoint? endpoint)
    {
        activity.DisplayName = $"{method} {endpoint?.RoutePattern.RawText}";
        activity.SetTag("user_agent.original", null);
        if (endpoint is not null && endpoint.RoutePattern.RawText is not ("/healthz" or "/readyz") && !ControlSocket.IsMarked(endpoint)) return;
        activity.IsAllDataRequested = false;
        activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
