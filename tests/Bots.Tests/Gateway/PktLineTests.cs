using System.Buffers;
using System.Text;
using Bots.Gateway;

namespace Bots.Tests.Gateway;

public sealed class PktLineTests
{
    [Theory]
    [InlineData("0006a\n", PktKind.Data, "a\n", 6)]
    [InlineData("0005a", PktKind.Data, "a", 5)]
    [InlineData("000Bfoobar\n", PktKind.Data, "foobar\n", 11)]
    [InlineData("0004", PktKind.Data, "", 4)]
    [InlineData("0005abc", PktKind.Data, "a", 5)]
    [InlineData("0000rest", PktKind.Flush, "", 4)]
    [InlineData("", PktKind.Incomplete, "", 0)]
    [InlineData("00", PktKind.Incomplete, "", 0)]
    [InlineData("0006a", PktKind.Incomplete, "", 0)]
    [InlineData("fff0a", PktKind.Incomplete, "", 0)]
    [InlineData("0001", PktKind.Malformed, "", 0)]
    [InlineData("0002", PktKind.Malformed, "", 0)]
    [InlineData("0003", PktKind.Malformed, "", 0)]
    [InlineData("fff1", PktKind.Malformed, "", 0)]
    [InlineData("PACK", PktKind.Malformed, "", 0)]
    [InlineData("+006ab", PktKind.Malformed, "", 0)]
    [InlineData("-", PktKind.Malformed, "", 0)]
    [InlineData(" 06ab", PktKind.Malformed, "", 0)]
    [InlineData("0x06ab", PktKind.Malformed, "", 0)]
    public void Lines_are_read_as_git_writes_them(string input, object kind, string payload, int consumed)
    {
        var read = PktLine.Read(Encoding.ASCII.GetBytes(input), out var found, out var used);

        read.ShouldBe((PktKind)kind);
        Encoding.ASCII.GetString(found).ShouldBe(payload);
        used.ShouldBe(consumed);
    }

    [Fact]
    public void What_is_written_is_read_again_and_every_cut_of_it_is_incomplete()
    {
        var random = new Random(20260701);
        foreach (var length in Enumerable.Range(0, 200).Append(PktLine.MaxLength - 4))
        {
            var payload = new byte[length];
            random.NextBytes(payload);
            var output = new ArrayBufferWriter<byte>();
            PktLine.Write(output, payload);

            PktLine.Read(output.WrittenSpan, out var found, out var consumed).ShouldBe(PktKind.Data);
            found.SequenceEqual(payload).ShouldBeTrue();
            consumed.ShouldBe(output.WrittenCount);
            for (var cut = 0; cut < Math.Min(output.WrittenCount, 300); cut++)
                PktLine.Read(output.WrittenSpan[..cut], out _, out _).ShouldBe(PktKind.Incomplete);
        }
    }

    [Fact]
    public void Random_bytes_are_never_taken_beyond_their_end()
    {
        var random = new Random(42);
        for (var i = 0; i < 20_000; i++)
        {
            var input = new byte[random.Next(12)];
            for (var at = 0; at < input.Length; at++) input[at] = (byte)"0123456789abcdefgF \n\0-"[random.Next(22)];

            var kind = PktLine.Read(input, out var payload, out var consumed);

            consumed.ShouldBeInRange(kind is PktKind.Data or PktKind.Flush ? 4 : 0, input.Length);
            payload.Length.ShouldBe(Math.Max(0, consumed - 4));
        }
    }

    [Fact]
    public void A_payload_that_fits_no_line_is_an_error() =>
        Should.Throw<ArgumentOutOfRangeException>(() => PktLine.Write(new ArrayBufferWriter<byte>(), new byte[PktLine.MaxLength - 3]));

    [Fact]
    public void A_long_text_takes_several_lines_of_its_band()
    {
        var output = new ArrayBufferWriter<byte>();
        PktLine.WriteBand(output, 2, new byte[2500], maxLine: 1000);

        var lines = new List<int>();
        var rest = output.WrittenSpan;
        while (PktLine.Read(rest, out var payload, out var consumed) == PktKind.Data)
        {
            payload[0].ShouldBe((byte)2);
            lines.Add(consumed);
            rest = rest[consumed..];
        }

        lines.ShouldBe([1000, 1000, 515]);
    }
}
