using System.Buffers.Binary;
using System.IO.Compression;

namespace Bots.Tests.Gateway.Packs;

/// <summary>Writes packs that git would not.</summary>
internal sealed class PackWriter(CompressionLevel level = CompressionLevel.Optimal)
{
    private readonly MemoryStream _objects = new();
    private int _count;

    /// <returns>Where it begins.</returns>
    public long Add(int kind, byte[] content)
    {
        var at = Head(kind, content.Length);
        Deflate(content);
        return at;
    }

    /// <param name="back">Where its base begins.</param>
    /// <returns>Where it begins.</returns>
    public long AddDelta(long back, byte[] delta)
    {
        var at = Head(6, delta.Length);
        var (distance, bytes) = (at - back, new Stack<byte>());
        bytes.Push((byte)(distance & 0x7f));
        for (distance >>= 7; distance > 0; distance >>= 7) bytes.Push((byte)(--distance & 0x7f | 0x80));
        while (bytes.TryPop(out var part)) _objects.WriteByte(part);
        Deflate(delta);
        return at;
    }

    /// <summary>A delta that takes the whole base but for its last four bytes, and puts a number there.</summary>
    public static byte[] Renumber(int length, int number)
    {
        var delta = new MemoryStream();
        foreach (var size in new[] { length, length })
        {
            var rest = size;
            for (; rest > 0x7f; rest >>= 7) delta.WriteByte((byte)(rest & 0x7f | 0x80));
            delta.WriteByte((byte)rest);
        }

        // A piece is at most 0xffff00 long, which none here exceeds: offset 0, three bytes of size.
        var copied = length - 4;
        delta.Write([0x80 | 0x70, (byte)copied, (byte)(copied >> 8), (byte)(copied >> 16), 4]);
        delta.Write(System.Text.Encoding.ASCII.GetBytes($"{number:x4}"));
        return delta.ToArray();
    }

    public byte[] ToArray()
    {
        var head = new byte[12];
        "PACK\0\0\0\x02"u8.CopyTo(head);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(8), _count);
        // At the end, where the checksum stands, is nothing: it is for the forge to compare.
        return [.. head, .. _objects.ToArray(), .. new byte[20]];
    }

    private long Head(int kind, int size)
    {
        _count++;
        var at = 12 + _objects.Length;
        var (first, rest) = ((kind << 4) | (size & 15), size >> 4);
        for (; rest > 0; (first, rest) = (rest & 0x7f, rest >> 7)) _objects.WriteByte((byte)(first | 0x80));
        _objects.WriteByte((byte)first);
        return at;
    }

    private void Deflate(byte[] content)
    {
        using var deflating = new ZLibStream(_objects, level, leaveOpen: true);
        deflating.Write(content);
        // Of nothing the stream would write nothing, where git writes an empty block.
        if (content.Length == 0) _objects.Write([0x78, 0x9c, 0x03, 0, 0, 0, 0, 1]);
    }
}
