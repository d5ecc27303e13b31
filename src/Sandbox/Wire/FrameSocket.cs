using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Bots.Sandbox.Wire;

/// <summary>One JSON frame per WebSocket text message. One sender and one receiver at a time.</summary>
internal sealed class FrameSocket<TIn, TOut>(WebSocket socket, JsonTypeInfo<TIn> incoming, JsonTypeInfo<TOut> outgoing)
    where TIn : class
    where TOut : class
{
    const int KeptBytes = 256 * 1024;
    ArrayBufferWriter<byte> _sending = new(4096);
    ArrayBufferWriter<byte> _receiving = new(4096);

    public async Task Send(TOut frame, CancellationToken cancellation)
    {
        _sending.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_sending, new JsonWriterOptions { Encoder = outgoing.Options.Encoder, SkipValidation = true }))
            JsonSerializer.Serialize(writer, frame, outgoing);

        await socket.SendAsync(_sending.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, cancellation).ConfigureAwait(false);
        if (_sending.Capacity > KeptBytes) _sending = new(4096);
    }

    /// <returns>Null when the other side closed.</returns>
    /// <exception cref="WebSocketException">The connection broke, or a frame was too large.</exception>
    /// <exception cref="JsonException">It was not a frame.</exception>
    public async Task<TIn?> Receive(CancellationToken cancellation)
    {
        _receiving.ResetWrittenCount();
        while (true)
        {
            var part = await socket.ReceiveAsync(_receiving.GetMemory(4096), cancellation).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close) return null;

            _receiving.Advance(part.Count);
            if (_receiving.WrittenCount > Protocol.FrameBytes) throw new WebSocketException("A frame was larger than 64 MiB.");
            if (part.EndOfMessage) break;
        }

        var frame = JsonSerializer.Deserialize(_receiving.WrittenSpan, incoming) ?? throw new JsonException("A frame was null.");
        if (_receiving.Capacity > KeptBytes) _receiving = new(4096);
        return frame;
    }
}
