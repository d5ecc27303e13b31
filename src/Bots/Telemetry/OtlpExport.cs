using System.Reflection;
using Bots.Engine.Sandboxes;
using Bots.Engine.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Bots.Telemetry;

/// <summary>Sends traces, metrics and the log by OTLP while the service runs. The SDK reads its own <c>OTEL_…</c> keys.</summary>
internal sealed partial class OtlpExport(IConfiguration configuration, Instance instance, IServiceProvider services, ILogger<OtlpExport> logger) : IHostedService
{
    /// <summary>The service has ten seconds to stop, and a collector that is away shall not use them up.</summary>
    private const int FlushMilliseconds = 2000;

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (TelemetryKeys.Wants(configuration, TelemetryKeys.Traces))
        {
            _traces = Sdk.CreateTracerProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(configuration))
                .ConfigureResource(Describe)
                .AddSource(Spans.Name, "Microsoft.AspNetCore", "System.Net.Http")
                .AddOtlpExporter().Build();
        }

        if (TelemetryKeys.Wants(configuration, TelemetryKeys.Metrics))
        {
            _metrics = Sdk.CreateMeterProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(configuration))
                .ConfigureResource(Describe)
                .AddMeter(Spans.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime")
                .AddOtlpExporter().Build();
        }

        // Without what may stand before an @ in it.
        LogBegun(logger, new Uri(configuration[TelemetryKeys.Endpoint]!).GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            Parallel.Invoke(
                () => _traces?.Shutdown(FlushMilliseconds),
                () => _metrics?.Shutdown(FlushMilliseconds),
                // Whoever disposes of it later finds nothing left to wait for.
                () => services.GetService<LoggerProvider>()?.Shutdown(FlushMilliseconds));
            _traces?.Dispose();
            _metrics?.Dispose();
        },
        CancellationToken.None);

    /// <summary>Lets the log's lines go the same way, with their scopes.</summary>
    public static void AddLogs(ILoggingBuilder logging) => logging.AddOpenTelemetry(options =>
    {
        options.IncludeScopes = true;
        options.IncludeFormattedMessage = true;
        options.SetResourceBuilder(Described(ResourceBuilder.CreateEmpty(), null));
        options.AddOtlpExporter();
    });

    private void Describe(ResourceBuilder resource) => Described(resource.Clear(), instance.Id);

    /// <summary>What the operator says of it in <c>OTEL_SERVICE_NAME</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c> goes before our own words.</summary>
    private static ResourceBuilder Described(ResourceBuilder resource, string? instance) => resource
        .AddService("bots", serviceVersion: Assembly.GetExecutingAssembly().GetName().Version?.ToString(), autoGenerateServiceInstanceId: false, serviceInstanceId: instance)
        .AddTelemetrySdk().AddEnvironmentVariableDetector();

    [LoggerMessage(Level = LogLevel.Information, Message = "Telemetry goes to {Endpoint}")]
    private static partial void LogBegun(ILogger logger, string endpoint);
}
