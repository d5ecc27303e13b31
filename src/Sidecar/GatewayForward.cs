using System.Net;
using System.Net.Sockets;

namespace Bots.Sidecar;

/// <summary>
/// Listens on the sandbox's loopback and carries each connection, byte for byte, to the control socket: the sandbox's only way out.
/// While the service restarts, connections wait a while for it instead of being refused.
/// </summary>
internal sealed class GatewayForward : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    readonly UnixDomainSocketEndPoint _control;
    readonly TimeProvider _time;

    /// <param name="socket">Where the control socket is.</param>
    /// <param name="port">On the sandbox's loopback.</param>
    public GatewayForward(string socket, int port, TimeProvider time)
    {
        _control = new UnixDomainSocketEndPoint(socket);
        _time = time;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(512);
    }

    public async Task Run(CancellationToken stop)
    {
        while (true)
        {
            var client = await _listener.AcceptAsync(stop);
            _ = Carry(client, stop);
        }
    }

    public void Dispose() => _listener.Dispose();

    async Task Carry(Socket client, CancellationToken stop)
    {
        using (client)
        using (var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            try
            {
                client.NoDelay = true;
                await Reach(server, stop);
                using var broken = CancellationTokenSource.CreateLinkedTokenSource(stop);
                await Task.WhenAll(Copy(client, server, broken), Copy(server, client, broken));
            }
            catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException)
            {
                // Either side hung up: both sockets are closed on the way out, which is how the other side learns of it.
                client.LingerState = new LingerOption(enable: true, seconds: 0);
            }
        }
    }

    async Task Reach(Socket server, CancellationToken stop)
    {
        var start = _time.GetTimestamp();
        while (true)
        {
            try
            {
                await server.ConnectAsync(_control, stop);
                return;
            }
            catch (SocketException) when (_time.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(Pause, _time, stop);
            }
        }
    }

    /// <summary>An end of sending is passed on alone: the other direction may have more to say. A failure ends both, or whoever waits for an answer would wait for ever.</summary>
    static async Task Copy(Socket from, Socket to, CancellationTokenSource broken)
    {
        await using var reading = new NetworkStream(from, ownsSocket: false);
        await using var writing = new NetworkStream(to, ownsSocket: false);
        try
        {
            await reading.CopyToAsync(writing, 64 * 1024, broken.Token);
            to.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            await broken.CancelAsync();
            throw;
        }
    }
}
