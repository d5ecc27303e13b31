using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bots.Gateway;

/// <summary>What the gateway reads from a model call, and the body it sends on.</summary>
/// <param name="Model">As the caller names it.</param>
internal sealed record ModelRequest(string Model, ReadOnlyMemory<byte> Body)
{
    /// <summary>What some providers try when the model itself cannot answer.</summary>
    private static readonly string[] Alternatives = ["models", "fallbacks"];

    /// <summary>A call without a body.</summary>
    public static readonly ModelRequest None = new("", default);

    /// <summary>Every model that may answer this call.</summary>
    public IReadOnlyList<string> Models { get; private init; } = [Model];

    /// <summary>Reads a call. Asks a streamed chat completion for its usage; any other body stays as it is, byte for byte.</summary>
    /// <returns>Null when it is not a JSON object with exactly one <c>model</c>: of two, nobody knows which the provider takes.</returns>
    public static ModelRequest? Read(ReadOnlyMemory<byte> body, bool mustAskForUsage)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || root.EnumerateObject().Count(p => p.NameEquals("model")) != 1) return null;
            var model = root.GetProperty("model");
            if (model.ValueKind != JsonValueKind.String) return null;
            var asks = mustAskForUsage && IsTrue(root, "stream") && !(Options(root) is { } options && IsTrue(options, "include_usage"));
            return new ModelRequest(model.GetString()!, asks ? AskForUsage(root) : body) { Models = [model.GetString()!, .. Others(root)] };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Others(JsonElement root) =>
        from property in root.EnumerateObject()
        where Alternatives.Contains(property.Name) && property.Value.ValueKind == JsonValueKind.Array
        from entry in property.Value.EnumerateArray()
        let name = entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("model", out var model) ? model : entry
        select name.ValueKind == JsonValueKind.String ? name.GetString()! : name.GetRawText();

    private static ReadOnlyMemory<byte> AskForUsage(JsonElement root)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        writer.WriteStartObject();
        Copy(root, "stream_options", writer);
        writer.WriteStartObject("stream_options");
        if (Options(root) is { } options) Copy(options, "include_usage", writer);
        writer.WriteBoolean("include_usage", true);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenMemory;
    }

    /// <summary>Values go over as they were written: half a surrogate pair in a prompt is the provider's to judge.</summary>
    private static void Copy(JsonElement from, string without, Utf8JsonWriter to)
    {
        foreach (var property in from.EnumerateObject().Where(property => property.Name != without))
        {
            to.WritePropertyName(property.Name);
            to.WriteRawValue(JsonMarshal.GetRawUtf8Value(property.Value), skipInputValidation: true);
        }
    }

    private static JsonElement? Options(JsonElement root) =>
        root.TryGetProperty("stream_options", out var options) && options.ValueKind == JsonValueKind.Object ? options : null;

    private static bool IsTrue(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
