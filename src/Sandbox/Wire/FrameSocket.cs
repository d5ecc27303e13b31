using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;

namespace Bots.Sandbox.Wire;

/// <summary>One JSON frame per WebSocket text message. One sender and one receiver at a time.</summary>
/// <param name="limit">The largest message taken, in bytes.</param>
internal sealed class FrameSocket<TIn, TOut>(WebSocket socket, int limit, Func<JsonElement, TIn> parse, Action<Utf8JsonWriter, TOut> write)
    where TIn : class
    where TOut : class
{
    const int KeptBytes = 256 * 1024;
    ArrayBufferWriter<byte> _receiving = new(4096);
    ArrayBufferWriter<byte>? _sending;
    Utf8JsonWriter? _writer;

    /// <returns>How many bytes the message had.</returns>
    public async ValueTask<int> Send(TOut frame, CancellationToken cancellation)
    {
        if (_sending is null or { Capacity: > KeptBytes }) _sending = new(4096);
        _sending.ResetWrittenCount();
        _writer ??= new Utf8JsonWriter(_sending, FrameJson.Options);
        _writer.Reset(_sending);
        write(_writer, frame);
        _writer.Flush();
        await socket.SendAsync(_sending.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, cancellation);
        return _sending.WrittenCount;
    }

    /// <returns>The frame and how many bytes its message had; null when the other side closed.</returns>
    /// <exception cref="WebSocketException">The connection broke, or a frame was too large.</exception>
    /// <exception cref="JsonException">It was not a frame.</exception>
    public async ValueTask<(TIn Frame, int Size)?> Receive(CancellationToken cancellation)
    {
        if (_receiving.Capacity > KeptBytes) _receiving = new(4096);
        _receiving.ResetWrittenCount();
        while (true)
        {
            var part = await socket.ReceiveAsync(_receiving.GetMemory(4096), cancellation).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close) return null;

            _receiving.Advance(part.Count);
            if (_receiving.WrittenCount > limit) throw new WebSocketException($"A frame was larger than {limit} bytes.");
            if (part.EndOfMessage) break;
        }

        using var json = JsonDocument.Parse(_receiving.WrittenMemory);
        return (parse(json.RootElement), _receiving.WrittenCount);
    }
}
