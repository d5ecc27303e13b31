using System.Net.Sockets;
using System.Text;

namespace Bots.Tests.Gateway;

/// <summary>Raw requests to the proxy, to the byte.</summary>
internal static class EgressCall
{
    public static string Token { get; } = "Proxy-Authorization: Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"bots:{GatewayHost.Token}"));

    public static Dictionary<string, string?> AllowLoopback => new() { ["Network:AllowPrivate:0"] = "127.0.0.0/8" };

    public static string Connect(string target, string? more = null) => $"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{Token}\r\n{more}\r\n";

    public static Task Send(this Socket socket, string text) => socket.SendAsync(Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken).AsTask();

    /// <summary>Everything until the other side ends.</summary>
    public static async Task<string> ReadAll(this Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        while (await socket.Take(buffer) is > 0 and var count) text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        return text.ToString();
    }

    /// <summary>Until these words have come.</summary>
    public static async Task<string> ReadUntil(this Socket socket, string end)
    {
        var text = new StringBuilder();
        var buffer = new byte[1];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            if (await socket.Take(buffer) == 0) break;
            text.Append((char)buffer[0]);
        }

        return text.ToString();
    }

    /// <summary>Sends one request and reads all that is answered.</summary>
    public static async Task<string> Ask(this GatewayHost host, string request)
    {
        using var socket = await host.Dial();
        await socket.Send(request);
        return await socket.ReadAll();
    }

    private static Task<int> Take(this Socket socket, byte[] buffer) =>
        socket.ReceiveAsync(buffer.AsMemory(), TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
}
