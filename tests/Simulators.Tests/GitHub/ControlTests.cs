using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Bots.Simulators.Tests.GitHub;

public sealed class ControlTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_drives_a_pull_request_and_sees_all_of_it()
    {
        await using var hub = await Hub.Start();
        using var http = Client(hub);

        (await Post(http, "pulls", """{"user":"ada","repo":"acme/shop","title":"Idea","body":"?","head":"idea","files":{"idea.txt":"!\n"}}""")).ShouldBe(1);
        await hub.Call("POST", "repos/acme/shop/issues/1/comments", """{"body":"- [ ] Approve"}""");
        var comment = hub.Simulator.Comments(Hub.Shop, 1).Single();
        await hub.Call("POST", $"repos/acme/shop/issues/comments/{comment.Id}/reactions", """{"content":"eyes"}""");
        await Post(http, "tick", $$"""{"user":"ada","repo":"acme/shop","comment":{{comment.Id}},"index":0}""");
        await Post(http, "comment", """{"user":"ada","repo":"acme/shop","number":1,"body":"fine"}""");

        var state = JsonNode.Parse(await http.GetStringAsync("_sim/state", Cancellation))!;

        var repository = state["repositories"]![0]!;
        repository["branches"]!.AsArray().Select(b => b!["name"]!.GetValue<string>()).ShouldBe(["idea", "main"]);
        var pull = repository["pulls"]![0]!;
        pull["files"]![0]!["patch"]!.GetValue<string>().ShouldContain("+!");
        pull["comments"]![0]!["tasks"]![0]!["checked"]!.GetValue<bool>().ShouldBeTrue();
        pull["comments"]![0]!["reactions"]![0]!["content"]!.GetValue<string>().ShouldBe("eyes");
        pull["comments"]![1]!["body"]!.GetValue<string>().ShouldBe("fine");
    }

    [Fact]
    public async Task What_is_not_allowed_is_answered_with_the_reason()
    {
        await using var hub = await Hub.Start(isPrivate: true);
        using var http = Client(hub);

        using var refused = await http.PostAsync("_sim/issues", Json("""{"user":"eve","repo":"acme/shop","title":"t"}"""), Cancellation);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync(Cancellation)).ShouldContain("needs the role Read");

        using var form = new StringContent("""{"user":"ada","repo":"acme/shop","title":"t"}""", Encoding.UTF8, "text/plain");
        using var foreign = await http.PostAsync("_sim/issues", form, Cancellation);
        foreign.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task The_stream_tells_of_changes_in_bursts()
    {
        await using var hub = await Hub.Start();
        using var http = Client(hub);
        using var reader = new StreamReader(await http.GetStreamAsync("_sim/stream", Cancellation));
        (await reader.ReadLineAsync(Cancellation)).ShouldBe("event: change");
        var first = await Version(reader);

        for (var i = 0; i < 20; i++) hub.Simulator.OpenIssue("ada", Hub.Shop, $"{i}", "");

        var seen = new List<long>();
        while (seen.LastOrDefault(first) < first + 20)
        {
            (await reader.ReadLineAsync(Cancellation)).ShouldBe("event: change");
            seen.Add(await Version(reader));
        }

        seen.Count.ShouldBeLessThan(20);
    }

    [Theory]
    [InlineData("http://localhost:5173", true)]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("https://example.org", false)]
    public async Task Pages_of_this_machine_may_read_and_others_not(string origin, bool allowed)
    {
        await using var hub = await Hub.Start();
        using var http = Client(hub);
        using var request = new HttpRequestMessage(HttpMethod.Get, "_sim/state");
        request.Headers.Add("Origin", origin);

        using var response = await http.SendAsync(request, Cancellation);

        response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values).ShouldBe(allowed);
        (values?.Single() ?? "").ShouldBe(allowed ? origin : "");
    }

    [Fact]
    public async Task Links_to_a_pull_request_open_a_page_with_its_words_escaped()
    {
        await using var hub = await Hub.Start();
        var pull = await hub.OpenPull();
        hub.Simulator.Comment("ada", Hub.Shop, pull.Number, "<script>alert(1)</script>");
        using var http = Client(hub);

        var page = await http.GetStringAsync($"acme/shop/pull/{pull.Number}", Cancellation);

        page.ShouldContain("Change the cart");
        page.ShouldContain("&lt;script&gt;");
        page.ShouldNotContain("<script>");
        page.ShouldContain("<span class=\"add\">+four</span>");
        (await http.GetStringAsync("acme/shop", Cancellation)).ShouldContain("/acme/shop/pull/1");
        (await http.GetAsync("acme/shop/pull/99", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static HttpClient Client(Hub hub) => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = hub.Simulator.WebUrl };

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static async Task<long> Post(HttpClient http, string path, string body)
    {
        using var response = await http.PostAsync("_sim/" + path, Json(body), Cancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Cancellation));
        return (await response.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!["id"]!.GetValue<long>();
    }

    private static async Task<long> Version(StreamReader reader)
    {
        var data = (await reader.ReadLineAsync(Cancellation))!["data: ".Length..];
        (await reader.ReadLineAsync(Cancellation)).ShouldBe("");
        return JsonNode.Parse(data)!["version"]!.GetValue<long>();
    }
}
