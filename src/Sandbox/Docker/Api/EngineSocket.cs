using System.Net.Sockets;

namespace Bots.Sandbox.Docker.Api;

/// <summary>HTTP over the engine's Unix socket.</summary>
internal static class EngineSocket
{
    /// <summary>More than any call of ours takes but a container's removal on a machine that is out of breath.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static HttpClient Connect(string path) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectCallback = (_, cancellation) => Open(path, cancellation),
    })
    {
        BaseAddress = new Uri("http://engine/"),
        Timeout = Patience,
    };

    /// <summary>Throws the engine's failures in place of whatever the call throws.</summary>
    public static async Task<T> Guarded<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception failure)
        {
            if (Translate(failure) is { } translated) throw translated;
            throw;
        }
    }

    /// <summary>What went wrong, as one of the engine's failures; null when it is none of them.</summary>
    public static EngineException? Translate(Exception failure) => failure switch
    {
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.AccessDenied } } =>
            new EngineException(EngineFailure.NoPermission, "this user may not use the socket", failure),
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.AddressNotAvailable } } => new EngineException(EngineFailure.NotThere, "there is no such socket", failure),
        HttpRequestException { InnerException: SocketException refused } => new EngineException(EngineFailure.NotThere, refused.Message, failure),
        HttpRequestException or IOException => new EngineException(EngineFailure.Broken, "it ended the connection in the middle of a call", failure),
        TaskCanceledException { InnerException: TimeoutException } => new EngineException(EngineFailure.Broken, $"it did not answer within {Patience.TotalSeconds:0} s", failure),
        _ => null,
    };

    static async ValueTask<Stream> Open(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
