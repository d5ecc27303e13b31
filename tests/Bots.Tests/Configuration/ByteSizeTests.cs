using Bots.Configuration;

namespace Bots.Tests.Configuration;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("4GiB", 4L << 30)]
    [InlineData("4 GiB", 4L << 30)]
    [InlineData("4gb", 4L << 30)]
    [InlineData("512M", 512L << 20)]
    [InlineData("1.5KiB", 1536L)]
    [InlineData("2TiB", 2L << 40)]
    [InlineData("17", 17L)]
    [InlineData("17B", 17L)]
    [InlineData("0", 0L)]
    public void Sizes_are_read_with_their_unit(string text, long bytes) => ByteSize.Parse(text).Bytes.ShouldBe(bytes);

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("GiB")]
    [InlineData("-1GiB")]
    [InlineData("1,5GiB")]
    [InlineData("4 gigs")]
    [InlineData("4PiB")]
    [InlineData("99999999999TiB")]
    public void Anything_else_is_none(string? text) => ByteSize.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData(4L << 30, "4GiB")]
    [InlineData(1536L, "1536B")]
    [InlineData(0L, "0B")]
    [InlineData(5L << 50, "5120TiB")]
    public void Sizes_are_written_in_their_largest_whole_unit(long bytes, string text) => new ByteSize(bytes).ToString().ShouldBe(text);
}
