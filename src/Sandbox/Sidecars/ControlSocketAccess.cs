using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Bots.Sandbox.Sidecars;

public static class ControlSocketAccess
{
    const UnixFileMode Everybody = (UnixFileMode)0b110_110_110;

    /// <summary>
    /// Lets every user connect to the Unix sockets the server listens on: a container's user is not the service's. Who may get as far as to the
    /// socket is for the folders above it to say, and on the connection it is the token that counts.
    /// </summary>
    public static IServiceCollection OpenControlSocket(this IServiceCollection services) => services.Configure<SocketTransportOptions>(options =>
    {
        var create = options.CreateBoundListenSocket;
        options.CreateBoundListenSocket = endpoint =>
        {
            var socket = create(endpoint);
            if (OperatingSystem.IsLinux() && endpoint is UnixDomainSocketEndPoint unix) File.SetUnixFileMode(unix.ToString(), Everybody);
            return socket;
        };
    });
}
