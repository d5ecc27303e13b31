using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;

namespace Bots.Sandbox.Wire;

/// <summary>One JSON frame per WebSocket text message. One sender and one receiver at a time.</summary>
internal sealed class FrameSocket<TIn, TOut>(WebSocket socket, Func<JsonElement, TIn> parse, Action<Utf8JsonWriter, TOut> write)
    where TIn : class
    where TOut : class
{
    const int KeptBytes = 256 * 1024;
    ArrayBufferWriter<byte> _sending = new(4096);
    ArrayBufferWriter<byte> _receiving = new(4096);

    public Task Send(TOut frame, CancellationToken cancellation)
    {
        if (_sending.Capacity > KeptBytes) _sending = new(4096);
        _sending.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_sending, FrameJson.Options)) write(writer, frame);
        return socket.SendAsync(_sending.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, cancellation).AsTask();
    }

    /// <returns>Null when the other side closed.</returns>
    /// <exception cref="WebSocketException">The connection broke, or a frame was too large.</exception>
    /// <exception cref="JsonException">It was not a frame.</exception>
    public async Task<TIn?> Receive(CancellationToken cancellation)
    {
        if (_receiving.Capacity > KeptBytes) _receiving = new(4096);
        _receiving.ResetWrittenCount();
        while (true)
        {
            var part = await socket.ReceiveAsync(_receiving.GetMemory(4096), cancellation).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close) return null;

            _receiving.Advance(part.Count);
            if (_receiving.WrittenCount > Protocol.FrameBytes) throw new WebSocketException("A frame was larger than 64 MiB.");
            if (part.EndOfMessage) break;
        }

        using var json = JsonDocument.Parse(_receiving.WrittenMemory);
        return parse(json.RootElement);
    }
}
