using System.Text;

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
        Hex(fields, 1), Hex(fields, 2), Hex(fields, 4), Text(fields, 5),
        fields.Where(f => f.Number == 9).Select(f => Protobuf.Fields(f.Bytes).ToList()).ToDictionary(tag => Text(tag, 1), tag => Value(tag), StringComparer.Ordinal));

    private static string Value(IReadOnlyList<ProtobufField> tag) =>
        tag.Where(f => f.Number == 2).SelectMany(f => Protobuf.Fields(f.Bytes)).Select(v => v.Bytes.Length > 0 ? Encoding.UTF8.GetString(v.Bytes) : $"{v.Value}").FirstOrDefault() ?? "";

    private static string Hex(IReadOnlyList<ProtobufField> fields, int number) => Convert.ToHexStringLower(fields.FirstOrDefault(f => f.Number == number)?.Bytes ?? []);

    private static string Text(IReadOnlyList<ProtobufField> fields, int number) => Encoding.UTF8.GetString(fields.FirstOrDefault(f => f.Number == number)?.Bytes ?? []);
}
