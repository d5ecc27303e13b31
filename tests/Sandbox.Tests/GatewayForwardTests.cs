using System.Net;
using System.Net.Sockets;
using Bots.Sidecar;

namespace Bots.Sandbox.Tests;

/// <summary>The way from the sandbox's loopback to the control socket.</summary>
public sealed class GatewayForwardTests : IDisposable
{
    const int Limit = 60_000;

    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bots-forward-");

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limit)]
    public async Task A_caller_learns_that_the_service_died_with_the_request_unread()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var path = Path.Combine(_directory.FullName, "control.sock");
        using var service = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        service.Bind(new UnixDomainSocketEndPoint(path));
        service.Listen(1);
        var port = FreePort();
        using var forward = new GatewayForward(path, port, TimeProvider.System);
        var running = forward.Run(stop.Token);
        using var caller = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await caller.ConnectAsync(IPAddress.Loopback, port, Cancellation);
        await caller.SendAsync("a request"u8.ToArray(), Cancellation);

        // An end with bytes unread is what the kernel makes of a kill: the other side sees a broken connection, not an ended one.
        using (var accepted = await service.AcceptAsync(Cancellation))
        {
            while (accepted.Available == 0) await Task.Yield();
        }

        (await Heard(caller)).ShouldBe(0);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    /// <returns>How many bytes came before the end, whichever way it came.</returns>
    static async Task<int> Heard(Socket caller)
    {
        try
        {
            return await caller.ReceiveAsync(new byte[16], Cancellation);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
