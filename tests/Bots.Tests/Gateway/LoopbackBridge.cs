using System.Net;
using System.Net.Sockets;

namespace Bots.Tests.Gateway;

/// <summary>What the sidecar does inside a sandbox: a loopback port that leads to the control socket.</summary>
internal sealed class LoopbackBridge : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accept;

    public LoopbackBridge(string socketPath)
    {
        _listener.Start();
        _accept = Accept(socketPath);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accept;
        _stop.Dispose();
    }

    private async Task Accept(string socketPath)
    {
        var open = new List<Task>();
        try
        {
            while (true) open.Add(Join(await _listener.AcceptSocketAsync(_stop.Token), socketPath));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task Join(Socket caller, string socketPath)
    {
        using var control = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (caller)
        {
            await control.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), _stop.Token);
            await Task.WhenAll(Copy(caller, control), Copy(control, caller));
        }
    }

    private async Task Copy(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var count) await to.SendAsync(buffer.AsMemory(0, count), _stop.Token);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception end) when (end is SocketException or OperationCanceledException)
        {
            to.Close();
        }
    }
}
