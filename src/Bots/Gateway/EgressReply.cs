using System.Net.Sockets;
using System.Text;

namespace Bots.Gateway;

/// <summary>What the gateway itself answers to a request for another host, and then nothing more on this connection.</summary>
internal static class EgressReply
{
    /// <summary>The answer to CONNECT: bytes as they are from here on.</summary>
    public static readonly byte[] Established = "HTTP/1.1 200 Connection Established\r\n\r\n"u8.ToArray();

    private const int LongestReason = 300;
    private const int MostDrained = 256 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>A refusal in words. They are in the body, and in the status line too: of a refused CONNECT most tools show no more.</summary>
    public static byte[] Refusal(int status, string text)
    {
        var body = Encoding.UTF8.GetBytes(text + "\n");
        var reason = string.Concat(text.Take(LongestReason).Select(c => c is >= ' ' and <= '~' ? c : '?'));
        var challenge = status == 407 ? "Proxy-Authenticate: Basic realm=\"bots\"\r\n" : "";
        var head = $"HTTP/1.1 {status} {reason}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {body.Length}\r\n{challenge}Connection: close\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    /// <summary>Answers and ends the connection, so that the answer arrives even where the caller is still sending.</summary>
    public static async Task End(Socket caller, int status, string text, TimeProvider time, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            await caller.SendAsync(Refusal(status, text), either.Token);
            caller.Shutdown(SocketShutdown.Send);
            var buffer = new byte[16 * 1024];
            for (var drained = 0; drained < MostDrained;)
            {
                var count = await caller.ReceiveAsync(buffer.AsMemory(), either.Token);
                if (count == 0) return;
                drained += count;
            }
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // It has what it wanted, or does not want to end: either way the connection is closed now.
            return;
        }
    }
}
