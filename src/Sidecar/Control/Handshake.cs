using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Bots.Sandbox.Wire;

namespace Bots.Sidecar.Control;

/// <summary>
/// The two HTTP requests we make, written by hand: HttpClient alone would take longer to start than everything else together.
/// Synchronous on purpose, for the same reason; the other end is on this machine, and the socket's timeouts bound it.
/// </summary>
internal static class Handshake
{
    const int HeadBytes = 16 * 1024;

    /// <summary>Exchanges the registration token for the link token and the session token. The connection stays usable.</summary>
    public static (string Link, string Session) Register(Stream stream, string registrationToken)
    {
        Send(stream, $"POST {Protocol.RegisterPath} HTTP/1.1\r\nHost: control\r\nAuthorization: Bearer {registrationToken}\r\nContent-Length: 0\r\n\r\n");
        var (status, length) = ReadHead(stream);
        var body = new byte[length];
        stream.ReadExactly(body);
        if (status is 401 or 403) throw new RegistrationRefusedException();
        if (status != 200) throw new IOException($"The control plane answered {status} to the registration.");

        using var json = JsonDocument.Parse(body);
        return (FrameParser.Text(json.RootElement, Protocol.LinkTokenProperty), FrameParser.Text(json.RootElement, Protocol.SessionTokenProperty));
    }

    /// <summary>Turns the connection into a WebSocket (RFC 6455, section 4.1).</summary>
    public static void Upgrade(Stream stream, string linkToken)
    {
        // The key guards against confused caches and proxies; there are none on a Unix socket, so the answer's hash is not checked.
        var key = $"{Guid.NewGuid():N}"[..21] + "A==";
        Send(stream, $"GET {Protocol.ConnectPath} HTTP/1.1\r\nHost: control\r\nAuthorization: Bearer {linkToken}\r\nConnection: Upgrade\r\n"
            + $"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n");
        var (status, _) = ReadHead(stream);
        if (status != 101) throw new IOException($"The control plane answered {status} to the connection.");
    }

    static void Send(Stream stream, string request) => stream.Write(Encoding.ASCII.GetBytes(request));

    static (int Status, int Length) ReadHead(Stream stream)
    {
        // Byte by byte: what follows the head belongs to the WebSocket.
        var head = new byte[HeadBytes];
        var length = 0;
        while (!head.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            var next = length < HeadBytes ? stream.ReadByte() : throw new IOException("The answer's head is too long.");
            if (next < 0) throw new IOException("The control plane hung up.");
            head[length++] = (byte)next;
        }

        var lines = Encoding.ASCII.GetString(head, 0, length).Split("\r\n");
        var contentLength = lines.FirstOrDefault(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return (int.Parse(lines[0].Split(' ')[1]), contentLength is null ? 0 : int.Parse(contentLength.AsSpan("Content-Length:".Length)));
    }
}
