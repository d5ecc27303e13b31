using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Bots.Engine.Forges;
using Microsoft.AspNetCore.Http;
using static Bots.Tests.Gateway.Push;

namespace Bots.Tests.Gateway;

public sealed class GitRefusalTests
{
    private const string Root = "/git/acme/widgets.git/";
    private const string Own = "refs/heads/" + GatewayHost.Branch;
    private const string Authorization = "Basic Z2l0LXNlY3JldA==";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "info/refs")]
    [InlineData("GET", "info/refs?service=git-upload-archive")]
    [InlineData("GET", "HEAD")]
    [InlineData("GET", "objects/info/packs")]
    [InlineData("GET", "git-receive-pack")]
    [InlineData("POST", "git-upload-archive")]
    [InlineData("PUT", "git-receive-pack")]
    public async Task Only_smart_http_is_spoken(string method, string path) =>
        await Refused(method, path, null, HttpStatusCode.NotFound, "smart HTTP");

    [Theory]
    [InlineData("not a pkt-line")]
    [InlineData("0001")]
    [InlineData("fff1")]
    [InlineData("")]
    [InlineData("0005x0000")]
    [InlineData("00a0")]
    public async Task What_cannot_be_checked_is_not_pushed(string body) =>
        await Refused("POST", "git-receive-pack", new ByteArrayContent(Encoding.ASCII.GetBytes(body)), HttpStatusCode.BadRequest, "cannot check this push");

    [Fact]
    public async Task A_push_of_endless_commands_is_refused()
    {
        var head = Head([.. Enumerable.Range(10_000, 12_000).Select(i => $"{Old} {New} refs/heads/{i}")]);

        await Refused("POST", "git-receive-pack", new ByteArrayContent(head), HttpStatusCode.BadRequest, "too many refs");
    }

    [Theory]
    [InlineData("gzip", "is said to be compressed and is not")]
    [InlineData("br", "compressed in a way the gateway does not know")]
    public async Task A_push_in_an_unreadable_compression_is_refused(string encoding, string reason)
    {
        var content = new ByteArrayContent(Head(Update(Own)));
        content.Headers.ContentEncoding.Add(encoding);

        await Refused("POST", "git-receive-pack", content, HttpStatusCode.BadRequest, reason);
    }

    [Fact]
    public async Task A_compressed_push_is_read_and_sent_on_plain()
    {
        await using var upstream = await StubServer.Start(context => context.Response.WriteAsync("done"));
        await using var host = await Host(upstream);
        using var client = host.Client();
        byte[] push = [.. Head(Update(Own).Replace(Old, Zero)), .. "PACK and what follows"u8];

        using var response = await client.PostAsync(Root + "git-receive-pack", Gzip(push), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var sent = upstream.Requests.Single();
        sent.Body.ShouldBe(push);
        sent.Headers.ContainsKey("Content-Encoding").ShouldBeFalse();
        sent.Headers["Content-Type"].ShouldBe("application/x-git-receive-pack-request");
        sent.Headers["Authorization"].ShouldBe(Authorization);
    }

    [Fact]
    public async Task A_compressed_push_cannot_hide_a_ref()
    {
        await using var upstream = await StubServer.Start(_ => Task.CompletedTask);
        await using var host = await Host(upstream);
        using var client = host.Client();

        using var response = await client.PostAsync(Root + "git-receive-pack", Gzip(Head(Update("refs/heads/main"))), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-git-receive-pack-result");
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("ng refs/heads/main this session may push");
        upstream.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\0report-status", HttpStatusCode.OK, "000eunpack ok\n004eng refs/heads/main this session may push to refs/heads/bots/fix-0001 only\n0000")]
    [InlineData("", HttpStatusCode.Forbidden, "this session may push to refs/heads/bots/fix-0001 only\n")]
    public async Task Clients_that_ask_for_less_are_answered_too(string capabilities, HttpStatusCode status, string body)
    {
        await using var upstream = await StubServer.Start(_ => Task.CompletedTask);
        await using var host = await Host(upstream);
        using var client = host.Client();

        using var response = await client.PostAsync(Root + "git-receive-pack", new ByteArrayContent(Head(Update("refs/heads/main", capabilities))), Cancellation);

        response.StatusCode.ShouldBe(status);
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldBe(body);
    }

    [Theory]
    [InlineData(401, "The forge refused this service access to acme/widgets (401)")]
    [InlineData(403, "The forge refused this service access to acme/widgets (403)")]
    [InlineData(301, "acme/widgets has moved")]
    public async Task The_forges_refusal_of_the_service_is_told_as_such(int status, string text)
    {
        await using var upstream = await StubServer.Start(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "https://elsewhere.example/";
            return Task.CompletedTask;
        });
        await using var host = await Host(upstream);
        using var client = host.Client();

        using var response = await client.GetAsync(Root + "info/refs?service=git-upload-pack", Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        response.Headers.Location.ShouldBeNull();
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain(text);
    }

    [Fact]
    public async Task A_forge_that_is_not_there_is_a_502_with_a_cause()
    {
        await using var host = await GatewayHost.Start();
        using var client = host.Client();

        using var response = await client.GetAsync(Root + "info/refs?service=git-upload-pack", Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldBe("The forge at http://127.0.0.1:9 refused the connection; check the address and that the server runs.\n");
    }

    [Fact]
    public async Task A_forge_that_gives_no_access_says_why()
    {
        var forge = new FixedForge(new GitAccess(new Uri("http://127.0.0.1:9/"), null)) { Failure = new ForgeException("The App is not installed on acme.", transient: false) };
        await using var host = await GatewayHost.Start(forge: forge);
        using var client = host.Client();

        using var response = await client.GetAsync(Root + "info/refs?service=git-receive-pack", Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldBe("The App is not installed on acme.\n");
    }

    private static async Task Refused(string method, string path, HttpContent? content, HttpStatusCode status, string text)
    {
        await using var upstream = await StubServer.Start(_ => Task.CompletedTask);
        await using var host = await Host(upstream);
        using var client = host.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), Root + path) { Content = content };

        using var response = await client.SendAsync(request, Cancellation);

        response.StatusCode.ShouldBe(status);
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain(text);
        upstream.Requests.ShouldBeEmpty();
    }

    private static Task<GatewayHost> Host(StubServer upstream) =>
        GatewayHost.Start(forge: new FixedForge(new GitAccess(new Uri(upstream.Url, "/acme/widgets.git"), Authorization)));

    private static ByteArrayContent Gzip(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionMode.Compress, leaveOpen: true)) gzip.Write(bytes);
        return new ByteArrayContent(output.ToArray()) { Headers = { ContentEncoding = { "gzip" }, ContentType = new MediaTypeHeaderValue("application/x-git-receive-pack-request") } };
    }
}
