using System.Net;

namespace Bots.Simulators.Tests.GitHub;

public sealed class HttpConventionTests
{
    [Fact]
    public async Task A_call_without_a_user_agent_is_forbidden()
    {
        await using var hub = await Hub.Start();

        var answer = await hub.Call("GET", "repos/acme/shop", null, ("User-Agent", ""));

        answer.Status.ShouldBe(HttpStatusCode.Forbidden);
        answer.Text.ShouldContain("User-Agent header");
    }

    [Fact]
    public async Task Media_types_and_versions_that_do_not_exist_are_refused()
    {
        await using var hub = await Hub.Start();

        (await hub.Call("GET", "repos/acme/shop", null, ("Accept", "text/html"))).Status.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await hub.Call("GET", "repos/acme/shop", null, ("X-GitHub-Api-Version", "1999-01-01"))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await hub.Call("GET", "repos/acme/shop", null, ("X-GitHub-Api-Version", "2022-11-28"))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("GET", "nowhere")]
    [InlineData("GET", "repos/acme/shop/nowhere")]
    [InlineData("PUT", "repos/acme/shop/issues/1/comments")]
    [InlineData("GET", "repos/acme/nothing")]
    public async Task What_does_not_exist_is_not_found(string method, string path)
    {
        await using var hub = await Hub.Start();

        var answer = await hub.Call(method, path);

        answer.Status.ShouldBe(HttpStatusCode.NotFound);
        answer.Message.ShouldBe("Not Found");
        answer.Json["status"]!.GetValue<string>().ShouldBe("404");
        answer.Json["documentation_url"]!.GetValue<string>().ShouldStartWith("https://docs.github.com/rest");
    }

    [Theory]
    [InlineData("{", HttpStatusCode.BadRequest, "Problems parsing JSON")]
    [InlineData("[1]", HttpStatusCode.BadRequest, "Body should be a JSON object")]
    [InlineData("{}", HttpStatusCode.UnprocessableEntity, "Invalid request.\n\n\"body\" wasn't supplied.")]
    [InlineData("""{"body":5}""", HttpStatusCode.UnprocessableEntity, "Invalid request.\n\nFor 'properties/body', 5 is not a string.")]
    public async Task A_body_of_the_wrong_shape_is_refused(string body, HttpStatusCode status, string message)
    {
        await using var hub = await Hub.Start();
        hub.Simulator.OpenIssue("ada", Hub.Shop, "Broken", "It is.");

        var answer = await hub.Call("POST", "repos/acme/shop/issues/1/comments", body);

        answer.Status.ShouldBe(status);
        answer.Message.ShouldBe(message);
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again_and_costs_nothing()
    {
        await using var hub = await Hub.Start();
        hub.Simulator.OpenIssue("ada", Hub.Shop, "Broken", "It is.");
        var first = await hub.Call("GET", "repos/acme/shop/issues/1");

        var again = await hub.Call("GET", "repos/acme/shop/issues/1", null, ("If-None-Match", first.Headers["ETag"]));
        again.Status.ShouldBe(HttpStatusCode.NotModified);
        again.Text.ShouldBeEmpty();

        hub.Simulator.Comment("ada", Hub.Shop, 1, "Really.");
        var changed = await hub.Call("GET", "repos/acme/shop/issues/1", null, ("If-None-Match", first.Headers["ETag"]));
        changed.Status.ShouldBe(HttpStatusCode.OK);
        Remaining(changed).ShouldBe(Remaining(first) - 1);
    }

    [Fact]
    public async Task The_primary_limit_holds_until_its_hour_is_over()
    {
        await using var hub = await Hub.Start(o => o with { RateLimit = 2 });
        await hub.Token();
        (await hub.Call("GET", "repos/acme/shop")).Headers["x-ratelimit-remaining"].ShouldBe("1");
        await hub.Call("GET", "repos/acme/shop");

        var over = await hub.Call("GET", "repos/acme/shop");
        over.Status.ShouldBe(HttpStatusCode.Forbidden);
        over.Headers["x-ratelimit-remaining"].ShouldBe("0");
        long.Parse(over.Headers["x-ratelimit-reset"]).ShouldBe(hub.Time.GetUtcNow().AddHours(1).ToUnixTimeSeconds());

        hub.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        (await hub.Call("GET", "repos/acme/shop")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task More_than_eighty_writes_in_a_minute_meet_the_secondary_limit()
    {
        await using var hub = await Hub.Start();
        hub.Simulator.OpenIssue("ada", Hub.Shop, "Broken", "It is.");
        for (var i = 0; i < 80; i++)
            (await hub.Call("POST", "repos/acme/shop/issues/1/comments", $$"""{"body":"{{i}}"}""")).Status.ShouldBe(HttpStatusCode.Created);

        var pressed = await hub.Call("POST", "repos/acme/shop/issues/1/comments", """{"body":"80"}""");
        pressed.Status.ShouldBe(HttpStatusCode.Forbidden);
        pressed.Message.ShouldStartWith("You have exceeded a secondary rate limit");
        pressed.Headers["Retry-After"].ShouldBe("60");

        hub.Time.Advance(TimeSpan.FromSeconds(61));
        (await hub.Call("POST", "repos/acme/shop/issues/1/comments", """{"body":"80"}""")).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Lists_come_in_pages_that_link_to_each_other()
    {
        await using var hub = await Hub.Start();
        hub.Simulator.OpenIssue("ada", Hub.Shop, "Broken", "It is.");
        for (var i = 1; i <= 5; i++) hub.Simulator.Comment("ada", Hub.Shop, 1, $"comment {i}");

        var page = await hub.Call("GET", "repos/acme/shop/issues/1/comments?per_page=2&page=2");

        page.Json.AsArray().Select(c => c!["body"]!.GetValue<string>()).ShouldBe(["comment 3", "comment 4"]);
        var self = new Uri(hub.Simulator.ApiUrl, "repos/acme/shop/issues/1/comments");
        page.Headers["Link"].ShouldBe(
            $"<{self}?per_page=2&page=1>; rel=\"prev\", <{self}?per_page=2&page=3>; rel=\"next\", <{self}?per_page=2&page=3>; rel=\"last\", <{self}?per_page=2&page=1>; rel=\"first\"");
    }

    [Fact]
    public async Task Calls_are_remembered_without_credentials()
    {
        await using var hub = await Hub.Start();
        var token = await hub.Token();
        hub.Simulator.OpenIssue("ada", Hub.Shop, "Broken", "It is.");
        await hub.Call("POST", "repos/acme/shop/issues/1/comments", """{"body":"hello"}""");

        var call = hub.Simulator.Calls[^1];

        (call.Method, call.Path, call.Status).ShouldBe(("POST", "/repos/acme/shop/issues/1/comments", 201));
        call.Caller.ShouldBe($"installation {hub.Simulator.Installation("acme").Id}");
        call.Body.ShouldBe("""{"body":"hello"}""");
        hub.Simulator.Calls.ShouldAllBe(c => !c.ToString().Contains(token));
    }

    private static int Remaining(Reply reply) => int.Parse(reply.Headers["x-ratelimit-remaining"]);
}
