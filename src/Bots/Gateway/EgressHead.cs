using System.Net.Sockets;

namespace Bots.Gateway;

/// <summary>The head of a request, and what came with it.</summary>
/// <param name="Bytes">Up to and including the empty line.</param>
/// <param name="Rest">The beginning of what follows.</param>
internal sealed record EgressHead(ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte> Rest)
{
    public const int MostBytes = 16 * 1024;

    /// <returns>Null when the connection ended first.</returns>
    /// <exception cref="FormatException">It is too long, or its lines do not end as HTTP's do.</exception>
    public static async Task<EgressHead?> Read(Socket socket, CancellationToken cancellation)
    {
        var buffer = new byte[MostBytes];
        var (length, seen) = (0, 0);
        while (true)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
            if (count == 0) return null;
            length += count;
            if (End(buffer.AsSpan(0, length), ref seen) is { } end) return new(buffer.AsMemory(0, end), buffer.AsMemory(end, length - end));
            if (length == buffer.Length) throw new FormatException($"its head is longer than {MostBytes / 1024} KiB");
        }
    }

    /// <summary>Where the head ends; null when that has not come. A line feed alone ends nothing.</summary>
    /// <param name="seen">Goes on from here the next time.</param>
    private static int? End(ReadOnlySpan<byte> bytes, ref int seen)
    {
        while (bytes[seen..].IndexOfAny((byte)'\n', (byte)0) is >= 0 and var next)
        {
            var at = seen + next;
            if (bytes[at] == 0 || at == 0 || bytes[at - 1] != '\r') throw new FormatException("its lines do not end with a carriage return and a line feed");
            seen = at + 1;
            if (bytes[..seen].EndsWith("\r\n\r\n"u8)) return seen;
        }

        return null;
    }
}
