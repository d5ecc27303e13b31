using System.Net.Sockets;

namespace Bots.Bench.World;

/// <summary>What the service's process has used so far.</summary>
/// <param name="Allocated">Bytes on the managed heap.</param>
/// <param name="Processor">Time of all its threads, user and system.</param>
public sealed record Inside(long Allocated, TimeSpan Processor)
{
    public static Inside Of(ServiceProcess service)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(service.Socket));
        var answer = new byte[sizeof(long)];
        var read = 0;
        while (read < answer.Length && socket.Receive(answer.AsSpan(read)) is > 0 and var more) read += more;
        return new Inside(BitConverter.ToInt64(answer), service.Processor());
    }

    /// <summary>For one of so many deliveries since then.</summary>
    public string PerDelivery(Inside since, int deliveries) =>
        $"{(Allocated - since.Allocated) / 1024.0 / deliveries:0.0} KiB allocated, {(Processor - since.Processor).TotalMicroseconds / deliveries:0} µs of processor time";
}
