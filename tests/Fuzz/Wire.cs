using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bots.Fuzz;

/// <summary>Sends bytes on a connection of their own, whatever they are.</summary>
internal static class Wire
{
    /// <returns>The status of the answer; null when the connection was closed without one.</returns>
    public static async Task<int?> Send(IPEndPoint to, byte[] request, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        // No waiting of either side at the end: there are many.
        socket.LingerState = new LingerOption(true, 0);
        await socket.ConnectAsync(to, cancellation);
        try
        {
            // Who refuses a long body answers before it is there.
            var sending = Whole(socket, request, cancellation);
            var answer = new byte[16];
            var length = 0;
            for (int read; length < answer.Length && (read = await socket.ReceiveAsync(answer.AsMemory(length), cancellation)) > 0;) length += read;
            socket.Close();
            await sending;
            return Encoding.ASCII.GetString(answer, 0, length).Split(' ') is ["HTTP/1.1", var status, ..] ? int.Parse(status, System.Globalization.CultureInfo.InvariantCulture) : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static async Task Whole(Socket socket, byte[] request, CancellationToken cancellation)
    {
        try
        {
            for (ReadOnlyMemory<byte> rest = request; rest.Length > 0;) rest = rest[await socket.SendAsync(rest, cancellation)..];
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            return;
        }
    }
}
