using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Bots.Sandbox.Sidecars;

namespace Bots.Sandbox.Tests.Support;

/// <summary>Somebody who has a sidecar's token and sends whatever the test likes.</summary>
internal sealed class HostileSidecar : IDisposable
{
    readonly ClientWebSocket _socket = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<HostileSidecar> Connect(string directory, string linkToken, string? hello = """{"type":"hello","version":2,"processes":[]}""")
    {
        var sidecar = new HostileSidecar();
        using var client = ControlPlane.Client(directory);
        sidecar._socket.Options.SetRequestHeader("Authorization", $"Bearer {linkToken}");
        await sidecar._socket.ConnectAsync(new Uri("ws://control/sidecar/connect"), client, Cancellation);
        if (hello is not null) await sidecar.Send(hello);
        return sidecar;
    }

    public Task Send(string frame) => Send(Encoding.UTF8.GetBytes(frame));

    public Task Send(byte[] frame, WebSocketMessageType type = WebSocketMessageType.Text, bool whole = true) => _socket.SendAsync(frame, type, whole, Cancellation);

    /// <summary>Sends until the service hangs up.</summary>
    public async Task<long> SendUntilCut(Func<long, byte[]> frame, bool whole = true)
    {
        long sent = 0;
        try
        {
            while (true)
            {
                var next = frame(sent);
                await Send(next, whole: whole);
                sent += next.Length;
            }
        }
        catch (WebSocketException)
        {
            return sent;
        }
    }

    /// <summary>The next frame of this type from the service.</summary>
    public async Task<JsonNode> Receive(string type)
    {
        while (await Receive() is { } frame)
        {
            if ((string?)frame["type"] == type) return frame;
        }

        throw new InvalidOperationException($"The service hung up instead of sending '{type}'.");
    }

    /// <summary>Waits until the service hangs up.</summary>
    public async Task Cut()
    {
        while (await Receive() is not null)
        {
        }
    }

    public void Dispose() => _socket.Dispose();

    async Task<JsonNode?> Receive()
    {
        using var message = new MemoryStream();
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(), Cancellation);
                if (part.MessageType == WebSocketMessageType.Close) return null;
                message.Write(buffer.AsSpan(0, part.Count));
                if (part.EndOfMessage) return JsonNode.Parse(message.ToArray());
            }
        }
        catch (WebSocketException)
        {
            return null;
        }
    }
}
