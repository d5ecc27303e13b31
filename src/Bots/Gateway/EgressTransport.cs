using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Bots.Gateway;

/// <summary>
/// Listens on Unix sockets in the server's place. What asks for another host is handed to the proxy as a bare socket, since the
/// server cannot give a connection away and its buffers of 4 KiB are too small to copy fast; all else goes on to the server.
/// </summary>
/// <param name="services">Asked for the proxy only when a socket is bound: the server exists before the configuration is known to be sound.</param>
internal sealed class EgressTransport(IServiceProvider services, TimeProvider time, ILoggerFactory loggers) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is UnixDomainSocketEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            // As it was configured: sandboxes have to be let in.
            var socket = services.GetRequiredService<IOptions<SocketTransportOptions>>().Value.CreateBoundListenSocket(endpoint);
            socket.Listen(512);
            var server = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), loggers.CreateLogger<SocketConnectionContextFactory>());
            return ValueTask.FromResult<IConnectionListener>(new EgressListener(
                new EgressDoor(socket), endpoint, server, services.GetRequiredService<EgressProxy>(), services.GetRequiredService<EgressCrowd>(), time, loggers.CreateLogger<EgressListener>()));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(e.Message, e);
        }
    }
}
