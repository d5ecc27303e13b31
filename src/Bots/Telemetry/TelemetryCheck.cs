using Bots.Configuration;

namespace Bots.Telemetry;

/// <summary>Whether telemetry can go where it shall: the SDK itself would say nothing.</summary>
internal sealed class TelemetryCheck(IConfiguration configuration) : IConfigurationCheck
{
    private static readonly string[] Protocols = ["grpc", "http/protobuf"];

    public IEnumerable<ConfigurationProblem> Check()
    {
        if (!TelemetryKeys.IsEnabled(configuration))
        {
            foreach (var key in TelemetryKeys.SignalEndpoints.Where(key => !string.IsNullOrWhiteSpace(configuration[key]) && string.IsNullOrWhiteSpace(configuration[TelemetryKeys.Endpoint])))
                yield return new(key, $"is not enough by itself: nothing is exported without {TelemetryKeys.Endpoint}", $"Set {TelemetryKeys.Endpoint} too, and the exporters of what you do not want to none.");
            yield break;
        }

        if (!Uri.TryCreate(configuration[TelemetryKeys.Endpoint], UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
            yield return new(TelemetryKeys.Endpoint, "is not an absolute http(s) address", "Set it to the collector's, as in http://127.0.0.1:4317, or leave it out.");
        if (configuration[TelemetryKeys.Protocol] is { Length: > 0 } protocol && !Protocols.Contains(protocol, StringComparer.Ordinal))
            yield return new(TelemetryKeys.Protocol, $"'{protocol}' is not spoken here", $"Choose one of {string.Join(", ", Protocols)}, or leave it out for grpc.");
        foreach (var key in new[] { TelemetryKeys.Traces, TelemetryKeys.Metrics, TelemetryKeys.Logs })
            if (configuration[key] is { Length: > 0 } exporter && exporter is not ("otlp" or "none"))
                yield return new(key, $"'{exporter}' is not an exporter this service has", "Set it to otlp or none, or leave it out for otlp.");
    }
}
