namespace Bots.Tests.Telemetry;

/// <summary>A span as OTLP writes it: field numbers are those of opentelemetry/proto/trace/v1/trace.proto.</summary>
internal sealed record ExportedSpan(string Trace, string Id, string Parent, string Name, IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>All spans of an ExportTraceServiceRequest.</summary>
    public static IEnumerable<ExportedSpan> Read(byte[] request) =>
        from resource in Protobuf.Fields(request)
        where resource.Number == 1
        from scope in Protobuf.Fields(resource.Bytes)
        where scope.Number == 2
        from span in Protobuf.Fields(scope.Bytes)
        where span.Number == 2
        select Of([.. Protobuf.Fields(span.Bytes)]);

    private static ExportedSpan Of(IReadOnlyList<ProtobufField> fields) => new(
        Protobuf.Hex(fields, 1), Protobuf.Hex(fields, 2), Protobuf.Hex(fields, 4), Protobuf.Text(fields, 5), Protobuf.Tags(fields, 9).ToDictionary(StringComparer.Ordinal));
}
