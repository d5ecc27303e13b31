using System.Text;
using Bots.Gateway;

namespace Bots.Tests.Gateway;

public sealed class SseScannerTests
{
    private const string Stream =
        ": keep-alive\n\nevent: a\ndata: one\n\ndata:two\r\ndata: lines\r\n\r\nid: 7\rdata: three\r\rdata:\n\nretry: 5\ndata: last without an end";

    private static readonly string[] Expected = ["one", "two\nlines", "three", "", "last without an end"];

    [Fact]
    public void Events_are_found_wherever_the_stream_is_cut()
    {
        var bytes = Encoding.UTF8.GetBytes(Stream);
        for (var first = 0; first <= bytes.Length; first++)
            for (var second = first; second <= bytes.Length; second++)
                Scan(bytes[..first], bytes[first..second], bytes[second..]).ShouldBe(Expected);
    }

    [Fact]
    public void Events_are_found_byte_by_byte() =>
        Scan([.. Encoding.UTF8.GetBytes(Stream).Select(value => new[] { value })]).ShouldBe(Expected);

    [Fact]
    public void An_event_over_the_limit_is_passed_over_and_the_next_one_is_not()
    {
        var found = new List<string>();
        var scanner = new SseScanner(data => found.Add(Encoding.UTF8.GetString(data)), limit: 20);

        scanner.Feed(Encoding.UTF8.GetBytes("data: 123456789012345678901234567890\n\ndata: next\n\n"));
        scanner.Feed(Encoding.UTF8.GetBytes("data: 1234567890\ndata: 1234567890\n\ndata: last\n\n"));

        found.ShouldBe(["next", "last"]);
    }

    private static List<string> Scan(params byte[][] pieces)
    {
        var found = new List<string>();
        var scanner = new SseScanner(data => found.Add(Encoding.UTF8.GetString(data)));
        foreach (var piece in pieces) scanner.Feed(piece);
        scanner.Finish();
        return found;
    }
}
