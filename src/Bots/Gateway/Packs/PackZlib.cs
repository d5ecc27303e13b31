using System.Buffers.Binary;
using System.IO.Compression;

namespace Bots.Gateway.Packs;

/// <summary>
/// Inflates one object of a pack. A pack does not say how long an object's compressed form is, and neither does <see cref="ZLibStream"/>: it ends
/// with the checksum of what came out, which is looked for in the last few bytes that went in.
/// </summary>
internal static class PackZlib
{
    private const int Piece = 64;
    private const uint Base = 65521;

    /// <param name="pack">Stands at the object's compressed form; stands behind it afterwards.</param>
    /// <param name="size">Of the inflated object, as the pack says it.</param>
    /// <param name="take">Receives what comes out, in pieces; null when nobody wants it.</param>
    /// <exception cref="FormatException">It is not what the pack says it is.</exception>
    public static void Inflate(Stream pack, long size, Action<ReadOnlySpan<byte>>? take, CancellationToken cancellation)
    {
        var start = pack.Position;
        var pieces = new Pieces(pack, Piece);
        var sum = Run(pieces, size, take, cancellation);
        var end = Ends(pack, Math.Max(start, pieces.LastStart - 3), pieces.LastEnd, sum);
        if (end is null)
        {
            // The checksum stands there twice: fed byte by byte, the end is where no more is asked for.
            pack.Position = start;
            var bytes = new Pieces(pack, 1);
            Run(bytes, size, null, cancellation);
            end = bytes.LastEnd;
        }

        pack.Position = end.Value;
    }

    private static uint Run(Stream input, long size, Action<ReadOnlySpan<byte>>? take, CancellationToken cancellation)
    {
        Span<byte> buffer = stackalloc byte[4096];
        var (total, sum) = (0L, 1u);
        try
        {
            using var inflating = new ZLibStream(input, CompressionMode.Decompress, leaveOpen: true);
            while (inflating.Read(buffer) is > 0 and var count)
            {
                cancellation.ThrowIfCancellationRequested();
                total += count;
                if (total > size) throw new FormatException("an object of the pack is longer than it says");
                sum = Adler(sum, buffer[..count]);
                take?.Invoke(buffer[..count]);
            }
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException)
        {
            throw new FormatException("an object of the pack is not compressed as it should be", problem);
        }

        return total == size ? sum : throw new FormatException("an object of the pack is shorter than it says");
    }

    /// <returns>Null when there is not exactly one place where it may end.</returns>
    private static long? Ends(Stream pack, long from, long to, uint sum)
    {
        Span<byte> last = stackalloc byte[Piece + 3];
        last = last[..(int)(to - from)];
        pack.Position = from;
        pack.ReadExactly(last);
        Span<byte> wanted = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(wanted, sum);
        var first = last.IndexOf(wanted);
        return first >= 0 && first == last.LastIndexOf(wanted) ? from + first + 4 : null;
    }

    /// <summary>RFC 1950, section 8.2.</summary>
    private static uint Adler(uint sum, ReadOnlySpan<byte> bytes)
    {
        var (low, high) = (sum & 0xffff, sum >> 16);
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(3800, bytes.Length)];
            foreach (var b in part) high += low += b;
            (low, high) = (low % Base, high % Base);
            bytes = bytes[part.Length..];
        }

        return (high << 16) | low;
    }

    /// <summary>Hands a stream out in small pieces, and remembers the last one.</summary>
    private sealed class Pieces(Stream source, int size) : Stream
    {
        public long LastStart { get; private set; } = source.Position;

        public long LastEnd { get; private set; } = source.Position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            var count = source.Read(buffer[..Math.Min(size, buffer.Length)]);
            if (count > 0) (LastStart, LastEnd) = (LastEnd, LastEnd + count);
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
