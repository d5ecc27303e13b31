using System.Buffers;
using Bots.Gateway;
using Bots.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace Bots.Tests.Gateway;

public sealed class PktLinePropertiesTests
{
    private static readonly Gen<byte> Bytes = Gen.Choose(0, 255).Select(b => (byte)b);

    /// <summary>Bytes that often look like the beginning of a line.</summary>
    private static readonly Gen<byte[]> Junk = Gen.OneOf(
        Bytes.ListOf().Select(b => b.ToArray()),
        Gen.Elements("0000"u8.ToArray(), "0004"u8.ToArray(), "0001"u8.ToArray(), "fff0"u8.ToArray(), "ffff"u8.ToArray(), "0008PACK"u8.ToArray(), "-001"u8.ToArray())).ListOf().Select(parts => parts.SelectMany(p => p).ToArray());

    [Fact]
    public void Lines_one_after_the_other_are_read_as_they_were_written() => Bytes.ListOf().Select(b => b.ToArray()).ListOf().Hold(payloads =>
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var payload in payloads) PktLine.Write(output, payload);
        PktLine.WriteFlush(output);

        var rest = output.WrittenSpan;
        foreach (var payload in payloads)
        {
            if (PktLine.Read(rest, out var found, out var consumed) != PktKind.Data || !found.SequenceEqual(payload)) return false;
            rest = rest[consumed..];
        }

        return PktLine.Read(rest, out _, out var last) == PktKind.Flush && last == rest.Length;
    });

    [Fact]
    public void Whatever_comes_is_read_to_its_end_and_not_beyond() => Junk.Hold(
        input =>
        {
            ReadOnlySpan<byte> rest = input;
            while (PktLine.Read(rest, out var payload, out var consumed) is PktKind.Data or PktKind.Flush)
            {
                if (consumed <= 0 || consumed > rest.Length || payload.Length > consumed) return false;
                rest = rest[consumed..];
            }

            return true;
        },
        times: 2000);

    [Fact]
    public void What_is_not_all_there_yet_is_read_the_same_once_it_is() => Junk.Hold(
        input => Enumerable.Range(0, input.Length).All(cut =>
            PktLine.Read(input.AsSpan(0, cut), out _, out _) is PktKind.Incomplete or PktKind.Malformed
            || PktLine.Read(input.AsSpan(0, cut), out _, out var part) == PktLine.Read(input, out _, out var whole) && part == whole),
        times: 1000);
}
