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
    /// <summary>After an accept that failed, mostly for want of descriptors: those come back when others end.</summary>
    public static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan FirstBytesTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);

    private readonly Channel<ConnectionContext> _forServer = Channel.CreateUnbounded<ConnectionContext>();
    private readonly ConcurrentDictionary<Socket, Task> _open = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly IEgressDoor _door;
    private readonly SocketConnectionContextFactory _server;
    private readonly EgressProxy _proxy;
    private readonly EgressCrowd _crowd;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Task _accepting;

    public EgressListener(IEgressDoor door, EndPoint endpoint, SocketConnectionContextFactory server, EgressProxy proxy, EgressCrowd crowd, TimeProvider time, ILogger log)
    {
        (_door, EndPoint, _server, _proxy, _crowd, _time, _log) = (door, endpoint, server, proxy, crowd, time, log);
        _accepting = AcceptAll();
    }

    public EndPoint EndPoint { get; }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _forServer.Reader.WaitToReadAsync(cancellationToken) && _forServer.Reader.TryRead(out var next) ? next : null;

    /// <summary>Takes no more connections. Those to other hosts are cut: they would outlast any patience with a stop.</summary>
    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _door.Dispose();
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
            for (var troubled = false; ; troubled = !await TakeNext(troubled))
                if (troubled) await Task.Delay(Breath, _time, _stop.Token);
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

    /// <param name="troubled">True when the last attempt failed: it is told of once.</param>
    /// <returns>False when this one failed too.</returns>
    private async Task<bool> TakeNext(bool troubled)
    {
        try
        {
            Take(await _door.Accept(_stop.Token));
            if (troubled) AcceptsAgain(_log);
            return true;
        }
        catch (SocketException e) when (!_stop.IsCancellationRequested && e.SocketErrorCode != SocketError.OperationAborted)
        {
            if (!troubled) CannotAccept(_log, e, e.SocketErrorCode);
            return false;
        }
    }

    private void Take(Socket socket)
    {
        if (!_crowd.Enter())
        {
            socket.Dispose();
            return;
        }

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
                case EgressRoute.Proxy or EgressRoute.Server when _crowd.IsFull:
                    await EgressReply.End(socket, 503, "The Bots gateway holds as many connections as it can; try again in a moment.", _time, _stop.Token);
                    break;
                case EgressRoute.Proxy:
                    await _proxy.Handle(socket, _stop.Token);
                    break;
                case EgressRoute.Server or EgressRoute.Sidecar when HandOver(socket):
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

        _crowd.Leave();
        socket.Dispose();
    }

    /// <returns>True when it is the server's from here on.</returns>
    private bool HandOver(Socket socket)
    {
        var connection = _server.Create(socket);
        if (!_forServer.Writer.TryWrite(connection)) return false;
        connection.ConnectionClosed.Register(_crowd.Leave);
        return true;
    }

    private async Task<EgressRoute> Route(Socket socket)
    {
        var bytes = new byte[EgressFirstBytes.Most];
        using var late = new CancellationTokenSource(FirstBytesTime, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, late.Token);
        for (var pause = FirstPause; ; pause *= 2)
        {
            var count = await socket.ReceiveAsync(bytes.AsMemory(), SocketFlags.Peek, either.Token);
            if (count == 0) return EgressRoute.Undecided;
            var route = EgressFirstBytes.Route(bytes.AsSpan(0, count));
            if (route != EgressRoute.Undecided) return route;
            // Peeking again returns at once with the same bytes; who sends one by one may wait a little.
            await Task.Delay(pause, _time, either.Token);
        }
    }

    [LoggerMessage(LogLevel.Error, "No connections to the control socket can be accepted ({Cause}); trying again. Where descriptors have run out, raise the service's limit of open files")]
    private static partial void CannotAccept(ILogger log, Exception problem, SocketError cause);

    [LoggerMessage(LogLevel.Information, "Connections to the control socket are accepted again")]
    private static partial void AcceptsAgain(ILogger log);

    [LoggerMessage(LogLevel.Debug, "A connection to the control socket ended before it asked for anything")]
    private static partial void GoneEarly(ILogger log, Exception problem);

    [LoggerMessage(LogLevel.Error, "A connection to the control socket could not be served")]
    private static partial void Failed(ILogger log, Exception problem);
}
