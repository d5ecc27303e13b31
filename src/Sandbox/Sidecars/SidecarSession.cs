using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Bots.Sandbox.Wire;

namespace Bots.Sandbox.Sidecars;

/// <summary>One socket of a sidecar: frames out in order, frames in, until it breaks.</summary>
internal sealed class SidecarSession(WebSocket socket)
{
    static readonly TimeSpan HelloTime = TimeSpan.FromSeconds(10);

    /// <summary>Frames that a sidecar may leave unread. It costs it the socket, nothing else: on the next one it is told all that counts.</summary>
    const int MostUnsent = 20_000;

    /// <summary>Far more than are ever started in one sandbox.</summary>
    const int MostProcesses = 10_000;
    readonly FrameSocket<ToService, ToSidecar> _frames = new(socket, Protocol.FrameToServiceBytes, FrameParser.ToService, FrameJson.Write);
    readonly Channel<ToSidecar> _outgoing = Channel.CreateUnbounded<ToSidecar>();

    /// <returns>What the sidecar says of itself; null when it says nothing in time or nothing we understand.</returns>
    public async Task<ToService.Hello?> Greet(TimeProvider time, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(HelloTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            return await _frames.Receive(either.Token) is { Frame: ToService.Hello { Version: Protocol.Version, Processes.Length: <= MostProcesses } hello } ? hello : null;
        }
        catch (Exception failure) when (failure is OperationCanceledException or WebSocketException or JsonException)
        {
            return null;
        }
    }

    public void Send(ToSidecar frame)
    {
        if (_outgoing.Reader.Count >= MostUnsent) End();
        else _outgoing.Writer.TryWrite(frame);
    }

    /// <summary>Ends this session: a newer one takes its place.</summary>
    public void End() => socket.Abort();

    /// <summary>Carries frames both ways until the socket closes, breaks, or <paramref name="cancellation"/> ends it. Never throws for any of these.</summary>
    /// <param name="take">Gets each frame and its size in bytes.</param>
    /// <returns>What the sidecar did that no sidecar does; null when the socket just ended.</returns>
    public async Task<string?> Run(Action<ToService, int> take, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var sending = SendAll(over.Token);
        var receiving = ReceiveAll(take, over.Token);
        await Task.WhenAny(sending, receiving);
        await over.CancelAsync();
        try
        {
            await Task.WhenAll(sending, receiving);
        }
        catch (Exception cut) when (cut is OperationCanceledException or WebSocketException or IOException)
        {
            // How a socket ends makes no difference: the sidecar comes back, or the grace runs out.
            socket.Abort();
        }
        catch (Exception wrong) when (wrong is JsonException or ProtocolViolationException)
        {
            socket.Abort();
            return wrong.Message;
        }

        return null;
    }

    async Task SendAll(CancellationToken over)
    {
        await foreach (var frame in _outgoing.Reader.ReadAllAsync(over)) await _frames.Send(frame, over);
    }

    async Task ReceiveAll(Action<ToService, int> take, CancellationToken over)
    {
        while (await _frames.Receive(over) is { } received) take(received.Frame, received.Size);
    }
}
