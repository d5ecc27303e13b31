using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Bots.Gateway;

internal enum PktKind
{
    /// <summary>The input ends before the line does.</summary>
    Incomplete,

    /// <summary>No pkt-line, or a kind that has no place in a push: delimiter and response end.</summary>
    Malformed,

    /// <summary><c>0000</c>.</summary>
    Flush,

    Data,
}

/// <summary>Git's framing: four hexadecimal digits of length, themselves included, then the payload (git's gitprotocol-common).</summary>
internal static class PktLine
{
    /// <summary>Of a whole line, its length digits included.</summary>
    public const int MaxLength = 65520;

    private const int Prefix = 4;

    /// <param name="payload">As it was sent, with the line feed it may end with.</param>
    /// <param name="consumed">0 unless a line was read.</param>
    public static PktKind Read(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> payload, out int consumed)
    {
        payload = default;
        consumed = 0;
        foreach (var digit in input[..Math.Min(Prefix, input.Length)])
            if (!char.IsAsciiHexDigit((char)digit)) return PktKind.Malformed;
        if (input.Length < Prefix) return PktKind.Incomplete;
        if (!Utf8Parser.TryParse(input[..Prefix], out int length, out _, 'X')) return PktKind.Malformed;
        if (length is > 0 and < Prefix or > MaxLength) return PktKind.Malformed;
        if (length > input.Length) return PktKind.Incomplete;
        consumed = Math.Max(length, Prefix);
        payload = input[Prefix..consumed];
        return length == 0 ? PktKind.Flush : PktKind.Data;
    }

    /// <exception cref="ArgumentOutOfRangeException">The payload does not fit into one line.</exception>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, MaxLength - Prefix, nameof(payload));
        output.Write(Encoding.ASCII.GetBytes((payload.Length + Prefix).ToString("x4")));
        output.Write(payload);
    }

    public static void WriteFlush(IBufferWriter<byte> output) => output.Write("0000"u8);

    /// <summary>Writes bytes to a band of the side-band protocol, in as many lines as they need.</summary>
    /// <param name="maxLine">65520 for <c>side-band-64k</c>, 1000 for <c>side-band</c>.</param>
    public static void WriteBand(IBufferWriter<byte> output, byte band, ReadOnlySpan<byte> bytes, int maxLine = MaxLength)
    {
        var room = maxLine - Prefix - 1;
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(room, bytes.Length)];
            Write(output, [band, .. part]);
            bytes = bytes[part.Length..];
        }
    }
}
