using System.Text;
using Bots.Gateway;

namespace Bots.Tests.Gateway;

public sealed class EgressRequestTests
{
    [Theory]
    [InlineData("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443", "a.example:443", null)]
    [InlineData("CONNECT a.example:443 HTTP/1.0", "a.example:443", null)]
    [InlineData("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\nContent-Length: 0", "a.example:443", null)]
    [InlineData("GET http://a.example HTTP/1.1\r\nHost: a.example", "a.example:80", "/")]
    [InlineData("GET HTTP://A.Example.:8080?q=1 HTTP/1.1\r\nHost: x", "a.example:8080", "/?q=1")]
    [InlineData("GET http://[2606:4700::1111]/x HTTP/1.1\r\nHost: x", "[2606:4700::1111]:80", "/x")]
    public void A_proper_request_is_understood(string head, string target, string? path)
    {
        var request = Parse(head);

        (request.Target.ToString(), request.Path).ShouldBe((target, path));
    }

    [Theory]
    [InlineData("CONNECT a.example:443 HTTP/1.1")]
    [InlineData("CONNECT a.example:443 HTTP/2.0\r\nHost: a")]
    [InlineData("CONNECT  a.example:443 HTTP/1.1\r\nHost: a")]
    [InlineData("CONNECT a.example:443\r\nHost: a")]
    [InlineData("CONNECT a.example:443 x HTTP/1.1\r\nHost: a")]
    [InlineData("CONNECT\ta.example:443\tHTTP/1.1\r\nHost: a")]
    [InlineData("CONNECT http://a.example/ HTTP/1.1\r\nHost: a")]
    [InlineData("CONNECT a.example HTTP/1.1\r\nHost: a")]
    [InlineData("CONNECT u:p@a.example:443 HTTP/1.1\r\nHost: a")]
    [InlineData("CONNECT a.example:443 HTTP/1.1\r\nHost: a\r\nContent-Length: 5")]
    [InlineData("CONNECT a.example:443 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked")]
    [InlineData("connect a.example:443 HTTP/1.1\r\nHost: a")]
    [InlineData("GET https://a.example/ HTTP/1.1\r\nHost: a")]
    [InlineData("GET ftp://a.example/ HTTP/1.1\r\nHost: a")]
    [InlineData("GET //a.example/ HTTP/1.1\r\nHost: a")]
    [InlineData("GET http:///path HTTP/1.1\r\nHost: a")]
    [InlineData("GET http://u@a.example/ HTTP/1.1\r\nHost: a")]
    [InlineData("GET http://allowed.example@10.0.0.1/ HTTP/1.1\r\nHost: a")]
    [InlineData("GET http://10.0.0.1\\@allowed.example/ HTTP/1.1\r\nHost: a")]
    [InlineData("GET http://a.example:0/ HTTP/1.1\r\nHost: a")]
    [InlineData("GET http://a.example:65536/ HTTP/1.1\r\nHost: a")]
    [InlineData("GET http://a.example/#f HTTP/1.1\r\nHost: a")]
    [InlineData("GET http://2130706433/ HTTP/1.1\r\nHost: a")]
    [InlineData("GET http://bücher.example/ HTTP/1.1\r\nHost: a")]
    [InlineData("get http://a.example/ HTTP/1.1\r\nHost: a")]
    [InlineData("GET http://a.example/ HTTP/1.1")]
    [InlineData("GET http://a.example/ HTTP/1.1\r\nHost: a\r\nHost: b")]
    [InlineData("GET http://a.example/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1")]
    [InlineData("GET http://a.example/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1")]
    [InlineData("GET http://a.example/ HTTP/1.1\r\nHost: a\r\nContent-Length: +1")]
    [InlineData("GET http://a.example/ HTTP/1.1\r\nHost: a\r\nContent-Length: -1")]
    [InlineData("GET http://a.example/ HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1")]
    [InlineData("GET http://a.example/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked")]
    [InlineData("GET http://a.example/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked")]
    [InlineData("GET http://a.example/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity")]
    [InlineData("GET http://a.example/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked")]
    [InlineData("GET http://a.example/ HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked")]
    [InlineData("GET http://a.example/ HTTP/1.1\r\nHost: a\r\nConnection: Transfer-Encoding\r\nTransfer-Encoding: chunked")]
    [InlineData("GET http://a.example/ HTTP/1.1\r\nHost: a\r\nConnection: close, content-length\r\nContent-Length: 3")]
    [InlineData("GET http://a.example/ HTTP/1.1\r\nHost: a\r\nContent-Length : 3")]
    [InlineData("GET http://a.example/ HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded: 2")]
    [InlineData("GET http://a.example/ HTTP/1.1\r\nHost: a\r\n: 2")]
    [InlineData("GET http://a.example/ HTTP/1.1\r\nHost: a\r\nno colon")]
    [InlineData("GET http://a.example/ HTTP/1.1\r\nHost: a\r\nX: 1\rTransfer-Encoding: chunked")]
    [InlineData("GET http://a.example/ HTTP/1.1\r\nHost: a\r\nX: \u0001")]
    [InlineData("GET http://a.example/ HTTP/1.1\r\nHost: a\r\nX\u00e9: 1")]
    public void Anything_else_is_refused(string head) => Should.Throw<FormatException>(() => Parse(head)).Message.ShouldNotBeEmpty();

    [Theory]
    [InlineData("GET / HTTP/1.1\nHost: a\n\n")]
    [InlineData("CONNECT a.example:443 HTTP/1.1\r\nHost: a\n\r\n")]
    [InlineData("CONNECT a.example:443 HTTP/1.1\r\nHost: a\0\r\n\r\n")]
    [InlineData("CONNECT a.example:70000 HTTP/1.1\r\nHost: a\r\n\r\n")]
    public async Task A_malformed_request_is_answered_with_400_and_the_end(string request)
    {
        await using var host = await GatewayHost.Start();

        var answer = await host.Ask(request.StartsWith("GET", StringComparison.Ordinal) ? request.Replace("GET /", "GET http://a.example/", StringComparison.Ordinal) : request);

        answer.ShouldStartWith("HTTP/1.1 400 The Bots gateway does not understand this request: ");
        host.Gate.Targets.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_head_without_end_is_cut_off()
    {
        await using var host = await GatewayHost.Start();

        (await host.Ask("CONNECT a.example:443 HTTP/1.1\r\nHost: a\r\nX: " + new string('x', 20_000))).ShouldContain("longer than 16 KiB");
    }

    [Theory]
    [InlineData("GET /llm/openai/models HTTP/1.1", "Server")]
    [InlineData("GET /sidecar/connect HTTP/1.1", "Sidecar")]
    [InlineData("GET /sidecar", "Undecided")]
    [InlineData("GET /sidecars", "Server")]
    [InlineData("GET /s HTTP/1.1", "Server")]
    [InlineData("PRI * HTTP/2.0", "Server")]
    [InlineData("OPTIONS * HTTP/1.1", "Server")]
    [InlineData("GET http://127.0.0.1:7070/llm", "Server")]
    [InlineData("POST HTTP://LOCALHOST:7070/git/", "Server")]
    [InlineData("GET http://127.0.0.1:7070", "Undecided")]
    [InlineData("GET http://127.0.0.1:7070 ", "Server")]
    [InlineData("GET http://127.0.0.1:70701/", "Proxy")]
    [InlineData("GET http://127.0.0.1:7070@evil.example/", "Proxy")]
    [InlineData("GET http://127.0.0.1.evil.example/", "Proxy")]
    [InlineData("GET http://a", "Proxy")]
    [InlineData("CONNECT ", "Proxy")]
    [InlineData("CONNECT", "Undecided")]
    [InlineData("GET", "Undecided")]
    [InlineData("GET h", "Undecided")]
    [InlineData("GET x", "Proxy")]
    [InlineData("", "Undecided")]
    [InlineData("\r\nGET / HTTP/1.1", "Server")]
    [InlineData("connect a.example:443 HTTP/1.1", "Server")]
    [InlineData("\u0016\u0003\u0001", "Server")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "Server")]
    public void The_first_bytes_tell_whom_a_connection_is_for(string bytes, string route) => EgressFirstBytes.Route(Encoding.Latin1.GetBytes(bytes)).ToString().ShouldBe(route);

    [Theory]
    [InlineData("0\r\n\r\n", 5)]
    [InlineData("3\r\nabc\r\n0\r\n\r\nGET /", 13)]
    [InlineData("00A\r\n0123456789\r\n0\r\n\r\nx", 22)]
    public void A_body_in_chunks_ends_where_it_says_however_it_comes(string body, int length)
    {
        var bytes = Encoding.ASCII.GetBytes(body);
        var whole = new EgressBody(null);
        whole.Take(bytes).ShouldBe(length);
        whole.IsDone.ShouldBeTrue();

        var pieces = new EgressBody(null);
        bytes.Sum(b => pieces.Take([b])).ShouldBe(length);
        pieces.IsDone.ShouldBeTrue();
    }

    [Theory]
    [InlineData("3\nabc\r\n0\r\n\r\n")]
    [InlineData("3;ext=1\r\nabc\r\n0\r\n\r\n")]
    [InlineData("3\r\nabcd\r\n0\r\n\r\n")]
    [InlineData("0\r\nTrailer: 1\r\n\r\n")]
    [InlineData("\r\n")]
    [InlineData("-1\r\n")]
    [InlineData(" 3\r\nabc\r\n")]
    [InlineData("0x3\r\nabc\r\n")]
    [InlineData("ffffffffffffffff\r\n")]
    [InlineData("3\r\r\nabc")]
    public void Chunks_that_could_be_read_in_two_ways_are_refused(string body) =>
        Should.Throw<FormatException>(() => new EgressBody(null).Take(Encoding.ASCII.GetBytes(body)));

    private static EgressRequest Parse(string head) => EgressRequest.Parse(Encoding.UTF8.GetBytes(head + "\r\n\r\n"));
}
