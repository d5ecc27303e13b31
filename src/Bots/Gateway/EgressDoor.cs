using System.Net.Sockets;

namespace Bots.Gateway;

/// <summary>Where connections to the control socket come in. The seam where tests stand in for a machine in need.</summary>
internal interface IEgressDoor : IDisposable
{
    /// <exception cref="SocketException">None could be taken; a later attempt may succeed.</exception>
    ValueTask<Socket> Accept(CancellationToken cancellation);
}

internal sealed class EgressDoor(Socket listener) : IEgressDoor
{
    public ValueTask<Socket> Accept(CancellationToken cancellation) => listener.AcceptAsync(cancellation);

    public void Dispose() => listener.Dispose();
}
