using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Bots.Tests.Gateway;

/// <summary>A host on the loopback that does with each connection what the test says.</summary>
internal sealed class TcpPeer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private int _connections;

    public TcpPeer(Func<Socket, CancellationToken, Task> serve)
    {
        _listener.Start();
        _serving = Serve(serve);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Returns what it gets, until that ends.</summary>
    public static TcpPeer Echo() => new(async (socket, cancellation) =>
    {
        var buffer = new byte[64 * 1024];
        while (await socket.ReceiveAsync(buffer, cancellation) is > 0 and var count) await socket.SendAsync(buffer.AsMemory(0, count), cancellation);
    });

    /// <summary>Speaks TLS and greets.</summary>
    public static TcpPeer Tls() => new(async (socket, cancellation) =>
    {
        using var certificate = Certificate();
        await using var tls = new SslStream(new NetworkStream(socket));
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, cancellation);
        await tls.WriteAsync("hello over TLS"u8.ToArray(), cancellation);
        await tls.ShutdownAsync();
    });

    /// <summary>Reads all until the caller ends, and hands it to the test.</summary>
    public static TcpPeer Reader(TaskCompletionSource<string> received, string answer) => new(async (socket, cancellation) =>
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer, cancellation) is > 0 and var count) text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        await socket.SendAsync(Encoding.Latin1.GetBytes(answer), cancellation);
        received.TrySetResult(text.ToString());
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task Serve(Func<Socket, CancellationToken, Task> serve)
    {
        var open = new List<Task>();
        try
        {
            while (true) open.Add(One(await _listener.AcceptSocketAsync(_stop.Token), serve));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task One(Socket socket, Func<Socket, CancellationToken, Task> serve)
    {
        Interlocked.Increment(ref _connections);
        using (socket)
        {
            try
            {
                await serve(socket, _stop.Token);
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
            {
                TestContext.Current.SendDiagnosticMessage(e.Message);
            }
        }
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=allowed.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
