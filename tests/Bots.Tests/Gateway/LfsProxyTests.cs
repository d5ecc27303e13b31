using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Bots.Engine;
using Bots.Engine.Forges;
using Bots.Gateway.Lfs;
using Bots.Sandbox;
using Microsoft.AspNetCore.Http;

namespace Bots.Tests.Gateway;

public sealed class LfsProxyTests
{
    private const string Root = "/git/acme/widgets.git/info/lfs/";
    private const string Authorization = "Basic forge-secret";
    private const string Storage = "Bearer storage-secret";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_object_is_fetched_through_the_gateway_and_no_credential_comes_in()
    {
        await using var storage = await StubServer.Start(context => context.Response.WriteAsync("the large file"));
        await using var forge = await StubServer.Start(context => Offer(context, "download", new Uri(storage.Url, "/bucket/oid?signature=storage-secret")));
        await using var host = await Host(forge);
        using var client = host.Client();

        using var batch = await client.PostAsync(Root + "objects/batch", Request("download"), Cancellation);
        var answer = await batch.Content.ReadAsStringAsync(Cancellation);
        var file = await client.GetStringAsync(Href(answer, "download"), Cancellation);

        file.ShouldBe("the large file");
        answer.ShouldNotContain("storage-secret");
        answer.ShouldNotContain("bucket");
        batch.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.git-lfs+json");
        forge.Requests.Single().ShouldSatisfyAllConditions(
            request => request.Target.ShouldBe("/acme/widgets.git/info/lfs/objects/batch"),
            request => request.Headers["Authorization"].ShouldBe(Authorization),
            request => JsonNode.Parse(request.Body)!["transfers"]!.ToJsonString().ShouldBe("""["basic"]"""));
        storage.Requests.Single().ShouldSatisfyAllConditions(
            request => request.Target.ShouldBe("/bucket/oid?signature=storage-secret"),
            request => request.Headers["Authorization"].ShouldBe(Storage),
            request => request.Headers.Values.ShouldNotContain(value => value.Contains(GatewayHost.Token)));
    }

    [Fact]
    public async Task An_object_is_stored_and_verified_through_the_gateway()
    {
        await using var storage = await StubServer.Start(_ => Task.CompletedTask);
        await using var forge = await StubServer.Start(context => context.Request.Path.Value!.EndsWith("verify", StringComparison.Ordinal)
            ? Task.CompletedTask
            : Offer(context, "upload", new Uri(storage.Url, "/bucket/oid"), verify: new Uri(new Uri($"http://{context.Request.Host}"), "/verify")));
        await using var host = await Host(forge);
        using var client = host.Client();
        using var batch = await client.PostAsync(Root + "objects/batch", Request("upload"), Cancellation);
        var answer = await batch.Content.ReadAsStringAsync(Cancellation);

        (await client.PutAsync(Href(answer, "upload"), new ByteArrayContent(new byte[100_000]), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.PostAsync(Href(answer, "verify"), new StringContent("{}"), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);

        storage.Requests.Single().ShouldSatisfyAllConditions(
            request => request.Method.ShouldBe("PUT"),
            request => request.Body.Length.ShouldBe(100_000),
            request => request.Headers["Content-Length"].ShouldBe("100000"));
        forge.Requests.Last().Headers["Authorization"].ShouldBe(Authorization, "the forge itself gets its own credential, and nobody else does");
    }

    [Fact]
    public async Task A_listed_repository_is_read_and_not_written_to()
    {
        await using var forge = await StubServer.Start(context => Offer(context, "download", new Uri("http://127.0.0.1:9/")));
        await using var host = await Host(forge);
        using var client = host.Client();

        (await client.PostAsync("/git/acme/library.git/info/lfs/objects/batch", Request("download"), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var refused = await client.PostAsync("/git/acme/library.git/info/lfs/objects/batch", Request("upload"), Cancellation);

        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await refused.Content.ReadAsStringAsync(Cancellation)).ShouldContain("This session may store large files in acme/widgets only.");
        forge.Requests.Count.ShouldBe(1);
        (await client.PostAsync("/git/acme/secrets.git/info/lfs/objects/batch", Request("download"), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("GET", "objects/batch")]
    [InlineData("POST", "locks/verify")]
    [InlineData("GET", "objects/abc")]
    [InlineData("GET", "transfer/")]
    [InlineData("GET", "transfer/AAAA")]
    [InlineData("GET", "transfer/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("GET", "transfer/not base64!")]
    public async Task Nothing_else_leaves(string method, string path)
    {
        await using var forge = await StubServer.Start(_ => Task.CompletedTask);
        await using var host = await Host(forge);
        using var client = host.Client();

        using var response = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), Root + path), Cancellation);

        ((int)response.StatusCode).ShouldBeOneOf(404, 410);
        forge.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"operation":"delete","objects":[{"oid":"a","size":1}]}""")]
    [InlineData("""{"operation":"download","objects":[]}""")]
    [InlineData("""{"operation":["download"],"objects":[{}]}""")]
    public async Task A_call_that_is_none_is_refused(string body)
    {
        await using var forge = await StubServer.Start(_ => Task.CompletedTask);
        await using var host = await Host(forge);
        using var client = host.Client();

        (await client.PostAsync(Root + "objects/batch", new StringContent(body), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        forge.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Storage_that_refuses_or_redirects_tells_the_sandbox_nothing_secret()
    {
        foreach (var status in new[] { 403, 401, 302, 500 })
        {
            await using var storage = await StubServer.Start(context =>
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = "http://127.0.0.1:9/storage-secret";
                return context.Response.WriteAsync("you sent storage-secret");
            });
            await using var forge = await StubServer.Start(context => Offer(context, "download", new Uri(storage.Url, "/bucket")));
            await using var host = await Host(forge);
            using var client = host.Client();
            using var batch = await client.PostAsync(Root + "objects/batch", Request("download"), Cancellation);

            using var response = await client.GetAsync(Href(await batch.Content.ReadAsStringAsync(Cancellation), "download"), Cancellation);

            response.IsSuccessStatusCode.ShouldBeFalse();
            response.Headers.Location.ShouldBeNull();
            (await response.Content.ReadAsStringAsync(Cancellation)).ShouldNotContain("secret");
        }
    }

    [Fact]
    public void A_ticket_is_good_for_one_sandbox_and_an_hour()
    {
        var time = new ManualTimeProvider(ManualTime.Noon);
        var tickets = new LfsTickets(time);
        var ticket = tickets.Seal(new LfsTransfer("download", new Uri("https://storage.example/x"), new Dictionary<string, string>(), time.GetUtcNow() + TimeSpan.FromHours(1)), new SandboxId("sbx_1"));

        tickets.Open(ticket, new SandboxId("sbx_1"))!.Address.ShouldBe(new Uri("https://storage.example/x"));
        tickets.Open(ticket, new SandboxId("sbx_2")).ShouldBeNull();
        new LfsTickets(time).Open(ticket, new SandboxId("sbx_1")).ShouldBeNull();
        time.Advance(TimeSpan.FromHours(1));
        tickets.Open(ticket, new SandboxId("sbx_1")).ShouldBeNull();
    }

    [Theory]
    [InlineData("http://storage.example/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:word@storage.example/x")]
    [InlineData("/relative")]
    public void An_address_that_is_not_safe_is_not_offered(string href) =>
        Should.Throw<FormatException>(() => LfsBatch.Rewrite(Encoding.UTF8.GetBytes("""{"objects":[{"actions":{"download":{"href":"X"}}}]}""".Replace("X", href)), https: true, ManualTime.Noon, _ => "sealed"));

    private static Task<GatewayHost> Host(StubServer forge) => GatewayHost.Start(forge: new FixedForge(new GitAccess(new Uri(forge.Url, "/acme/widgets.git"), Authorization)));

    private static StringContent Request(string operation) =>
        new($$"""{"operation":"{{operation}}","transfers":["tus","basic"],"objects":[{"oid":"abc","size":14}]}""", Encoding.UTF8, "application/vnd.git-lfs+json");

    private static string Href(string answer, string action) => JsonNode.Parse(answer)!["objects"]![0]!["actions"]![action]!["href"]!.GetValue<string>();

    private static Task Offer(HttpContext context, string action, Uri href, Uri? verify = null)
    {
        var actions = new JsonObject
        {
            [action] = new JsonObject { ["href"] = href.ToString(), ["header"] = new JsonObject { ["Authorization"] = Storage } },
            ["shell"] = new JsonObject { ["href"] = "https://elsewhere.example/storage-secret" },
        };
        if (verify is not null) actions["verify"] = new JsonObject { ["href"] = verify.ToString() };
        context.Response.ContentType = "application/vnd.git-lfs+json";
        return context.Response.WriteAsync(new JsonObject { ["transfer"] = "basic", ["objects"] = new JsonArray(new JsonObject { ["oid"] = "abc", ["size"] = 14, ["actions"] = actions }) }.ToJsonString());
    }
}
