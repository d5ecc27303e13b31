using Bots.Telemetry;
using Microsoft.Extensions.Configuration;

namespace Bots.Tests.Telemetry;

public sealed class TelemetryCheckTests
{
    [Theory]
    [InlineData("http://127.0.0.1:4317", null, null)]
    [InlineData("https://collector.example/otlp", "http/protobuf", "otlp")]
    [InlineData("http://127.0.0.1:4317", "grpc", "none")]
    [InlineData(null, "nonsense", "nonsense")]
    public void What_can_be_exported_to_is_no_problem(string? endpoint, string? protocol, string? exporter) => Check(endpoint, protocol, exporter).ShouldBeEmpty();

    [Fact]
    public void Everything_that_cannot_be_is_reported_with_its_key() =>
        Check("collector:4317", "http/json", "console").ShouldBe(["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_TRACES_EXPORTER"]);

    [Theory]
    [InlineData("http://127.0.0.1:4317", null, true)]
    [InlineData("http://127.0.0.1:4317", "false", true)]
    [InlineData("http://127.0.0.1:4317", "True", false)]
    [InlineData(" ", null, false)]
    [InlineData(null, null, false)]
    public void Without_an_endpoint_or_when_it_is_disabled_nothing_is_exported(string? endpoint, string? disabled, bool enabled) =>
        TelemetryKeys.IsEnabled(Configuration((TelemetryKeys.Endpoint, endpoint), (TelemetryKeys.Disabled, disabled))).ShouldBe(enabled);

    private static string[] Check(string? endpoint, string? protocol, string? exporter) =>
        [.. new TelemetryCheck(Configuration((TelemetryKeys.Endpoint, endpoint), (TelemetryKeys.Protocol, protocol), (TelemetryKeys.Traces, exporter))).Check().Select(problem => problem.Key)];

    private static IConfiguration Configuration(params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, s.Value))).Build();
}
