using System.Buffers;
using System.Text.Json;

namespace Bots.Gateway;

/// <summary>Makes a streamed chat completion tell its use. Values go over as they were written: half a surrogate pair in a prompt is the provider's to judge.</summary>
internal static class UsageDemand
{
    /// <param name="body">A JSON object.</param>
    /// <returns>The same when it asks already.</returns>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> body)
    {
        var bytes = body.Span;
        var (found, options) = (0, default(Range));
        var json = new Utf8JsonReader(bytes);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isOptions = json.ValueTextEquals("stream_options"u8);
            json.Read();
            var (start, isObject) = ((int)json.TokenStartIndex, json.TokenType == JsonTokenType.StartObject);
            json.Skip();
            if (isOptions) found++;
            if (isOptions && isObject) options = start..(int)json.BytesConsumed;
        }

        var asked = bytes[options];
        if (found == 1 && Asks(asked)) return body;
        var output = new ArrayBufferWriter<byte>(bytes.Length + 64);
        output.Write("{"u8);
        Copy(bytes, "stream_options", output);
        output.Write("\"stream_options\":{"u8);
        if (!asked.IsEmpty) Copy(asked, "include_usage", output);
        output.Write("\"include_usage\":true}}"u8);
        return output.WrittenMemory;
    }

    private static bool Asks(ReadOnlySpan<byte> options)
    {
        if (options.IsEmpty) return false;
        var (asks, refuses) = (false, false);
        var json = new Utf8JsonReader(options);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isUsage = json.ValueTextEquals("include_usage"u8);
            json.Read();
            asks |= isUsage && json.TokenType == JsonTokenType.True;
            refuses |= isUsage && json.TokenType != JsonTokenType.True;
            json.Skip();
        }

        return asks && !refuses;
    }

    /// <summary>Each property with a comma behind it.</summary>
    /// <param name="without">Left out, however its case.</param>
    private static void Copy(ReadOnlySpan<byte> from, string without, IBufferWriter<byte> to)
    {
        var json = new Utf8JsonReader(from);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)json.TokenStartIndex;
            var leaveOut = json.ValueSpan.Length <= 6 * without.Length && without.Equals(json.GetString(), StringComparison.OrdinalIgnoreCase);
            json.Read();
            json.Skip();
            if (leaveOut) continue;
            to.Write(from[start..(int)json.BytesConsumed]);
            to.Write(","u8);
        }
    }
}
