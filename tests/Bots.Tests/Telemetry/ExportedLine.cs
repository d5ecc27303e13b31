namespace Bots.Tests.Telemetry;

/// <summary>A line of the log as OTLP writes it: field numbers are those of opentelemetry/proto/logs/v1/logs.proto.</summary>
internal sealed record ExportedLine(string Text, string Trace, ILookup<string, string> Tags)
{
    /// <summary>All lines of an ExportLogsServiceRequest.</summary>
    public static IEnumerable<ExportedLine> Read(byte[] request) =>
        from resource in Protobuf.Fields(request)
        where resource.Number == 1
        from scope in Protobuf.Fields(resource.Bytes)
        where scope.Number == 2
        from line in Protobuf.Fields(scope.Bytes)
        where line.Number == 2
        select Of([.. Protobuf.Fields(line.Bytes)]);

    private static ExportedLine Of(IReadOnlyList<ProtobufField> fields) => new(
        Protobuf.Text([.. fields.Where(f => f.Number == 5).SelectMany(f => Protobuf.Fields(f.Bytes))], 1), Protobuf.Hex(fields, 9), Protobuf.Tags(fields, 6).ToLookup(tag => tag.Key, tag => tag.Value));
}
