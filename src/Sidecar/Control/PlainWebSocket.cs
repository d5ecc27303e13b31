using System.Buffers.Binary;
using System.Net.WebSockets;

namespace Bots.Sidecar.Control;

/// <summary>
/// A client's WebSocket that masks with zeros. Masks guard against confused proxies, and there are none on a Unix socket; random ones
/// would bring in the whole of OpenSSL: a tenth of our memory, and of our start. Receiving is the framework's.
/// </summary>
internal sealed class PlainWebSocket(Stream stream) : WebSocket
{
    const int MostHead = 14;
    const byte LastText = 0x81;
    const byte Masked = 0x80;
    readonly WebSocket _receiving = CreateFromStream(stream, new WebSocketCreationOptions { KeepAliveInterval = TimeSpan.Zero });
    readonly byte[] _message = new byte[16 * 1024];

    public override WebSocketCloseStatus? CloseStatus => _receiving.CloseStatus;

    public override string? CloseStatusDescription => _receiving.CloseStatusDescription;

    public override WebSocketState State => _receiving.State;

    public override string? SubProtocol => _receiving.SubProtocol;

    public override ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        _receiving.ReceiveAsync(buffer, cancellationToken);

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) =>
        _receiving.ReceiveAsync(buffer, cancellationToken);

    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        SendAsync(buffer.AsMemory(), messageType, endOfMessage, cancellationToken).AsTask();

    /// <summary>Sends a whole text message (RFC 6455, section 5.2).</summary>
    public override async ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        if (messageType != WebSocketMessageType.Text || !endOfMessage) throw new NotSupportedException("Only whole text messages are sent.");

        var length = Head(buffer.Length);
        if (buffer.Length > _message.Length - length)
        {
            // Large ones are few: what it takes to send them at once is not kept.
            await stream.WriteAsync(_message.AsMemory(0, length), cancellationToken);
            await stream.WriteAsync(buffer, cancellationToken);
            return;
        }

        buffer.CopyTo(_message.AsMemory(length));
        await stream.WriteAsync(_message.AsMemory(0, length + buffer.Length), cancellationToken);
    }

    public override void Abort() => _receiving.Abort();

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        _receiving.CloseAsync(closeStatus, statusDescription, cancellationToken);

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        _receiving.CloseOutputAsync(closeStatus, statusDescription, cancellationToken);

    public override void Dispose() => _receiving.Dispose();

    /// <returns>The head's length: the payload's length in one of three forms, and four zeros for a mask.</returns>
    int Head(int payload)
    {
        var head = _message.AsSpan(0, MostHead);
        head.Clear();
        head[0] = LastText;
        switch (payload)
        {
            case < 126:
                head[1] = (byte)(Masked | payload);
                return 6;
            case <= ushort.MaxValue:
                head[1] = Masked | 126;
                BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)payload);
                return 8;
            default:
                head[1] = Masked | 127;
                BinaryPrimitives.WriteUInt64BigEndian(head[2..], (ulong)payload);
                return MostHead;
        }
    }
}
