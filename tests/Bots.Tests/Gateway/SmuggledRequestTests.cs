using System.Net;
using System.Text;
using Bots.Engine.Forges;
using Microsoft.AspNetCore.Http;

namespace Bots.Tests.Gateway;

/// <summary>A sandbox writes to the control socket what no client would: whoever is behind the gateway must never take one request for two, or one of ours for somebody else's.</summary>
public sealed class SmuggledRequestTests
{
    private const string Key = "sk-upstream-key";
    private const string Call = """{"model":"m"}""";
    private const string Second = "POST /v1/files HTTP/1.1\r\nHost: upstream\r\nContent-Length: 0\r\n\r\n";

    [Theory]
    [InlineData("two lengths", "Content-Length: 13\r\nContent-Length: 80\r\n", Call)]
    [InlineData("two lengths in one", "Content-Length: 13, 80\r\n", Call)]
    [InlineData("an obscured encoding", "Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")]
    [InlineData("an encoding that is not the last", "Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n")]
    [InlineData("a negative length", "Content-Length: -1\r\n", "")]
    [InlineData("a space before the colon", "Content-Length : 13\r\n", Call)]
    [InlineData("a folded header", "X-Note: a\r\n Content-Length: 13\r\n", Call)]
    [InlineData("a zero in a header", "X-Note: a\0b\r\nContent-Length: 13\r\n", Call)]
    [InlineData("a bare carriage return", "X-Note: a\rTransfer-Encoding: chunked\r\nContent-Length: 13\r\n", Call)]
    [InlineData("a chunk of no number", "Transfer-Encoding: chunked\r\n", "zz\r\n" + Call + "\r\n0\r\n\r\n")]
    public async Task What_can_be_read_in_two_ways_does_not_leave(string what, string headers, string body)
    {
        await using var upstream = await StubServer.Start(context => context.Response.WriteAsync("{}"));
        await using var host = await GatewayHost.Start(ModelSettings.For(upstream.Url, Key, Key));

        var answer = await host.Ask($"POST /llm/openai/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {GatewayHost.Token}\r\nConnection: close\r\n{headers}\r\n{body}{Second}");

        upstream.Requests.ShouldBeEmpty(what);
        answer.ShouldStartWith("HTTP/1.1 400", customMessage: what);
    }

    [Theory]
    [InlineData("a length and chunks", "Content-Length: 13\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("chunks and a length", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n")]
    public async Task A_length_beside_chunks_counts_for_nothing(string what, string headers)
    {
        await using var upstream = await StubServer.Start(context => context.Response.WriteAsync("{}"));
        await using var host = await GatewayHost.Start(ModelSettings.For(upstream.Url, Key, Key));

        await host.Ask($"POST /llm/openai/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {GatewayHost.Token}\r\nConnection: close\r\n{headers}\r\nd\r\n{Call}\r\n0\r\n\r\n{Second}");

        // Either refused, or the one call with the body both agree on.
        upstream.Requests.ShouldAllBe(r => r.Target == "/v1/chat/completions" && r.Text == Call, what);
        upstream.Requests.Count.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task A_second_request_in_the_same_piece_needs_a_token_of_its_own()
    {
        await using var upstream = await StubServer.Start(context => context.Response.WriteAsync("{}"));
        await using var host = await GatewayHost.Start(ModelSettings.For(upstream.Url, Key, Key));
        var call = $"Host: gateway\r\nContent-Type: application/json\r\nContent-Length: {Call.Length}\r\n";

        var answer = await host.Ask(
            $"POST /llm/openai/chat/completions HTTP/1.1\r\nAuthorization: Bearer {GatewayHost.Token}\r\n{call}\r\n{Call}"
            + $"POST /llm/openai/chat/completions HTTP/1.1\r\nConnection: close\r\n{call}\r\n{Call}");

        answer.ShouldContain("HTTP/1.1 200");
        answer.ShouldContain("HTTP/1.1 401");
        upstream.Requests.ShouldHaveSingleItem();
    }

    /// <summary>The gateway's own headers are the only ones of their name, however the sandbox spells and repeats them.</summary>
    [Theory]
    [InlineData("authorization: Bearer sk-of-somebody")]
    [InlineData("AUTHORIZATION:Bearer sk-of-somebody")]
    [InlineData("X-API-KEY: sk-of-somebody")]
    [InlineData("Proxy-Authorization: Basic c29tZWJvZHk=")]
    [InlineData("Transfer-Encoding : chunked")]
    [InlineData("Host: elsewhere.example")]
    [InlineData("Connection: authorization, host, content-length")]
    [InlineData("X-Forwarded-Host: elsewhere.example")]
    [InlineData("X-HTTP-Method-Override: DELETE")]
    public async Task Headers_of_the_gateways_own_are_not_doubled(string header)
    {
        await using var upstream = await StubServer.Start(context => context.Response.WriteAsync("{}"));
        await using var host = await GatewayHost.Start(ModelSettings.For(upstream.Url, Key, Key));

        await host.Ask(
            $"POST /llm/openai/chat/completions HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\nAuthorization: Bearer {GatewayHost.Token}\r\nContent-Length: {Call.Length}\r\n{header}\r\n\r\n{Call}");

        foreach (var request in upstream.Requests)
        {
            request.Method.ShouldBe("POST");
            request.Headers["Authorization"].ShouldBe("Bearer " + Key);
            request.Headers["Host"].ShouldBe(upstream.Url.Authority);
            request.Text.ShouldBe(Call);
            string.Join(' ', request.Headers.Values).ShouldNotContain("somebody");
            string.Join(' ', request.Headers.Values).ShouldNotContain("elsewhere");
        }
    }

    [Theory]
    [InlineData("POST http://elsewhere.example/llm/openai/chat/completions")]
    [InlineData("POST /llm/openai/../../v1/files")]
    [InlineData("POST /llm/openai/%2e%2e/files")]
    [InlineData("POST /llm/openai/chat/completions/%2e%2e/%2e%2e/files")]
    [InlineData("POST /llm/openai/chat%2fcompletions")]
    [InlineData("POST /llm/openai//chat/completions")]
    [InlineData("POST /llm/openai/chat/completions%00/files")]
    [InlineData("POST /llm/openai/chat/completions%0d%0aHost:%20x")]
    [InlineData("POST /llm/openai@elsewhere.example/chat/completions")]
    public async Task A_path_leads_to_the_calls_that_are_known_or_nowhere(string line)
    {
        await using var upstream = await StubServer.Start(context => context.Response.WriteAsync("{}"));
        await using var host = await GatewayHost.Start(ModelSettings.For(upstream.Url, Key, Key));

        await host.Ask($"{line} HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\nAuthorization: Bearer {GatewayHost.Token}\r\nContent-Length: {Call.Length}\r\n\r\n{Call}");

        upstream.Requests.ShouldAllBe(r => r.Target == "/v1/chat/completions");
    }

    /// <summary>What git sends is sent on with the forge's credential: it must not be one more than was checked.</summary>
    [Theory]
    [InlineData("Content-Length: 4\r\nContent-Length: 200\r\n")]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding: xchunked\r\n")]
    [InlineData("Content-Length : 4\r\n")]
    public async Task A_push_that_can_be_read_in_two_ways_does_not_leave(string headers)
    {
        await using var upstream = await StubServer.Start(context => context.Response.WriteAsync(""));
        await using var host = await GatewayHost.Start(forge: new FixedForge(new GitAccess(new Uri(upstream.Url, "/acme/widgets.git"), "Basic c2VjcmV0")));
        var token = Convert.ToBase64String(Encoding.ASCII.GetBytes($"x:{GatewayHost.Token}"));

        var answer = await host.Ask(
            $"POST /git/acme/widgets.git/git-receive-pack HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\nAuthorization: Basic {token}\r\nContent-Type: application/x-git-receive-pack-request\r\n{headers}\r\n"
            + "0000POST /acme/widgets.git/git-receive-pack HTTP/1.1\r\nHost: forge\r\nContent-Length: 0\r\n\r\n");

        upstream.Requests.ShouldBeEmpty();
        answer.ShouldStartWith("HTTP/1.1 400");
    }

    [Theory]
    [InlineData("/git/acme/widgets.git/../other.git/info/refs?service=git-upload-pack")]
    [InlineData("/git/acme/%2e%2e/other/widgets.git/info/refs?service=git-upload-pack")]
    [InlineData("/git/acme/widgets.git%2f..%2fother.git/info/refs?service=git-upload-pack")]
    [InlineData("/git/acme/widgets.git%00/info/refs?service=git-upload-pack")]
    [InlineData("/git/acme/widgets.git/info/refs?service=git-upload-pack&service=git-receive-pack")]
    [InlineData("/git/acme/widgets.git/info/refs?service=git-upload-pack%0d%0aHost:%20x")]
    [InlineData("/git/acme/widgets.git/objects/info/alternates")]
    [InlineData("/git/acme/widgets.git/HEAD")]
    public async Task A_git_path_leads_to_the_sessions_own_repository_or_nowhere(string path)
    {
        await using var upstream = await StubServer.Start(context => context.Response.WriteAsync("0000"));
        await using var host = await GatewayHost.Start(forge: new FixedForge(new GitAccess(new Uri(upstream.Url, "/acme/widgets.git"), "Basic c2VjcmV0")));
        var token = Convert.ToBase64String(Encoding.ASCII.GetBytes($"x:{GatewayHost.Token}"));

        await host.Ask($"GET {path} HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\nAuthorization: Basic {token}\r\n\r\n");

        upstream.Requests.ShouldAllBe(r => r.Target == "/acme/widgets.git/info/refs?service=git-upload-pack");
    }
}
