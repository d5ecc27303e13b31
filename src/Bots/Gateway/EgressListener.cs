using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Bots.Gateway;

/// <summary>Accepts connections, looks at their first bytes without taking them, and hands each to whom it is for.</summary>
internal sealed partial class EgressListener : IConnectionListener
{
    private static readonly TimeSpan FirstBytesTime = TimeSpan.FromSeconds(130);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly Channel<ConnectionContext> _forServer = Channel.CreateUnbounded<ConnectionContext>();
    private readonly ConcurrentDictionary<Socket, Task> _open = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener;
    private readonly SocketConnectionContextFactory _server;
    private readonly EgressProxy _proxy;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Task _accepting;

    public EgressListener(Socket listener, EndPoint endpoint, SocketConnectionContextFactory server, EgressProxy proxy, TimeProvider time, ILogger log)
    {
        (_listener, EndPoint, _server, _proxy, _time, _log) = (listener, endpoint, server, proxy, time, log);
        _accepting = AcceptAll();
    }

    public EndPoint EndPoint { get; }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _forServer.Reader.WaitToReadAsync(cancellationToken) && _forServer.Reader.TryRead(out var next) ? next : null;

    /// <summary>Takes no more connections. Those to other hosts are cut: they would outlast any patience with a stop.</summary>
    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _listener.Dispose();
        await _stop.CancelAsync();
        await _accepting;
        await Task.WhenAll(_open.Values);
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        while (_forServer.Reader.TryRead(out var unwanted)) await unwanted.DisposeAsync();
        _server.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAll()
    {
        try
        {
            while (true) Take(await _listener.AcceptAsync(_stop.Token));
        }
        catch (Exception e) when (_stop.IsCancellationRequested || e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
        {
            _forServer.Writer.TryComplete();
        }
        catch (Exception e)
        {
            // The server learns of it and reports it as the end of this endpoint.
            _forServer.Writer.TryComplete(e);
        }
    }

    private void Take(Socket socket)
    {
        var work = Sort(socket);
        _open[socket] = work;
        _ = work.ContinueWith(_ => _open.TryRemove(socket, out Task? _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task Sort(Socket socket)
    {
        try
        {
            switch (await Route(socket))
            {
                case EgressRoute.Proxy:
                    await _proxy.Handle(socket, _stop.Token);
                    break;
                case EgressRoute.Server when _forServer.Writer.TryWrite(_server.Create(socket)):
                    // It is the server's from here on.
                    return;
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            GoneEarly(_log, e);
        }
        catch (Exception e)
        {
            Failed(_log, e);
        }

        socket.Dispose();
    }

    private async Task<EgressRoute> Route(Socket socket)
    {
        var bytes = new byte[EgressFirstBytes.Most];
        using var late = new CancellationTokenSource(FirstBytesTime, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, late.Token);
        while (true)
        {
            var count = await socket.ReceiveAsync(bytes.AsMemory(), SocketFlags.Peek, either.Token);
            if (count == 0) return EgressRoute.Undecided;
            var route = EgressFirstBytes.Route(bytes.AsSpan(0, count));
            if (route != EgressRoute.Undecided) return route;
            // Peeking again returns at once with the same bytes; who sends one by one may wait a little.
            await Task.Delay(Pause, _time, either.Token);
        }
    }

    [LoggerMessage(LogLevel.Debug, "A connection to the control socket ended before it asked for anything")]
    private static partial void GoneEarly(ILogger log, Exception problem);

    [LoggerMessage(LogLevel.Error, "A connection to the control socket could not be served")]
    private static partial void Failed(ILogger log, Exception problem);
}
