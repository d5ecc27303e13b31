using System.Net.Http.Json;
using System.Text.Json;

namespace Bots.Simulators.Tests.Slack;

public sealed class ControlTests : SlackFixture
{
    private readonly HttpClient _page = new();
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_acts_for_people_and_sees_the_workspace()
    {
        (await Act("say", new { user = Alice, channel = General, text = "@bots hello" })).GetProperty("ok").GetBoolean().ShouldBeTrue();
        var ts = await Post("Allow?", blocks: Buttons());
        (await Act("click", new { user = Alice, channel = General, ts, action_id = "approve" })).GetProperty("status").GetInt32().ShouldBe(200);
        (await Act("select", new { user = Alice, channel = General, ts, action_id = "repo", value = "one" })).GetProperty("status").GetInt32().ShouldBe(200);
        (await Act("click", new { user = Alice, channel = General, ts, action_id = "nothing" })).GetProperty("error").GetString()!.ShouldContain("No button");
        (await Act("say", new { user = Alice, channel = "dm", text = "psst" })).GetProperty("ok").GetBoolean().ShouldBeTrue();
        (await Act("say", new { user = "U0NOBODY00", channel = "dm", text = "psst" })).GetProperty("ok").GetBoolean().ShouldBeFalse();

        var state = await _page.GetFromJsonAsync<JsonElement>(new Uri(Slack.BaseUrl, "_sim/state"), Cancelled);
        var messages = state.GetProperty("channels")[0].GetProperty("messages");
        messages[0].GetProperty("text").GetString().ShouldBe($"<@{Slack.Options.BotUserId}> hello");
        messages[1].GetProperty("blocks")[0].GetProperty("type").GetString().ShouldBe("actions");
        state.GetProperty("channels").EnumerateArray().Count(c => c.GetProperty("kind").GetString() == "direct").ShouldBe(1);
    }

    [Fact]
    public async Task Views_are_submitted_and_closed_from_the_page()
    {
        var ts = await Post("Allow?", blocks: Buttons());
        var click = await Slack.Click(Alice, General, ts, "deny");
        var opened = await Call("views.open", new
        {
            trigger_id = click.TriggerId,
            view = new { type = "modal", title = new { type = "plain_text", text = "Hi" }, blocks = new[] { new { type = "divider" } } },
        });
        var view = opened.GetProperty("view").GetProperty("id").GetString();
        var state = await _page.GetFromJsonAsync<JsonElement>(new Uri(Slack.BaseUrl, "_sim/state"), Cancelled);
        state.GetProperty("views")[0].GetProperty("id").GetString().ShouldBe(view);
        (await Act("submit", new { user = Alice, view, values = new { } })).GetProperty("outcome").GetString().ShouldBe("closed");
        (await Act("close", new { user = Alice, view })).GetProperty("ok").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_change_reaches_the_stream()
    {
        using var stream = new StreamReader(await _page.GetStreamAsync(new Uri(Slack.BaseUrl, "_sim/stream"), Cancelled));
        (await stream.ReadLineAsync(Cancelled)).ShouldBe("event: change");
        await stream.ReadLineAsync(Cancelled);
        await stream.ReadLineAsync(Cancelled);
        await Slack.Say(Alice, General, "hello");
        (await stream.ReadLineAsync(Cancelled)).ShouldBe("event: change");
        (await stream.ReadLineAsync(Cancelled))!.ShouldStartWith("data: {\"version\":");
    }

    [Theory]
    [InlineData("http://localhost:5173", 200)]
    [InlineData("http://127.0.0.1:8080", 200)]
    [InlineData("https://evil.example", 403)]
    public async Task Only_pages_of_this_machine_may_come_in(string origin, int status)
    {
        foreach (var path in new[] { "_sim/state", "_sim/say" })
        {
            using var request = new HttpRequestMessage(path.EndsWith("say", StringComparison.Ordinal) ? HttpMethod.Options : HttpMethod.Get, new Uri(Slack.BaseUrl, path));
            request.Headers.Add("Origin", origin);
            using var response = await _page.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
            ((int)response.StatusCode).ShouldBe(status == 200 && request.Method == HttpMethod.Options ? 204 : status);
            response.Headers.Contains("Access-Control-Allow-Origin").ShouldBe(status == 200);
        }
    }

    private async Task<JsonElement> Act(string name, object body)
    {
        using var response = await _page.PostAsJsonAsync(new Uri(Slack.BaseUrl, $"_sim/{name}"), body);
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
    }
}
