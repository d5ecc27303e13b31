namespace Bots.Telemetry;

/// <summary>The keys of OpenTelemetry's standard that decide whether anything is exported. All others are read by its SDK.</summary>
internal static class TelemetryKeys
{
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    public const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    public const string Disabled = "OTEL_SDK_DISABLED";
    public const string Traces = "OTEL_TRACES_EXPORTER";
    public const string Metrics = "OTEL_METRICS_EXPORTER";
    public const string Logs = "OTEL_LOGS_EXPORTER";

    /// <summary>Where a signal goes that shall go elsewhere.</summary>
    public static readonly IReadOnlyList<string> SignalEndpoints = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"];

    public static bool IsEnabled(IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration[Endpoint]) && !"true".Equals(configuration[Disabled], StringComparison.OrdinalIgnoreCase);

    /// <summary>False where an exporter is set to <c>none</c>.</summary>
    public static bool Wants(IConfiguration configuration, string exporter) => !"none".Equals(configuration[exporter], StringComparison.OrdinalIgnoreCase);
}
