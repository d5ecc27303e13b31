using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Bots.Playground;
using Bots.Playground.Page;
using Bots.Simulators.GitHub;
using Bots.Simulators.Slack;
using Microsoft.AspNetCore.Builder;

namespace Bots.Tests.Playground;

public sealed class PageTests
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:1/");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_its_scripts_and_its_setup_are_served()
    {
        await using var world = await World.Start();

        (await world.Client.GetStringAsync("", Cancellation)).ShouldContain("app.js");
        (await world.Client.GetAsync("slack/view.js", Cancellation)).Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
        (await world.Client.GetStringAsync("playground.json", Cancellation)).ShouldContain("\"login\":\"gus\"");
    }

    [Fact]
    public async Task What_is_said_on_the_page_is_said_in_Slack()
    {
        await using var world = await World.Start();
        var (person, room) = (Cast.People[0], Cast.Rooms[0]);

        var answer = await world.Client.PostAsJsonAsync("slack/_sim/say", new { user = person.SlackId, channel = room.Id, text = "@bots hello" }, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Slack.Messages(room.Id).ShouldHaveSingleItem().Text.ShouldBe($"<@{world.Slack.Options.BotUserId}> hello");
    }

    [Fact]
    public async Task A_stream_comes_through_as_it_happens()
    {
        await using var world = await World.Start();
        using var reader = new StreamReader(await world.Client.GetStreamAsync("slack/_sim/stream", Cancellation));
        (await reader.ReadLineAsync(Cancellation)).ShouldBe("event: change");

        await world.Slack.Say(Cast.People[0].SlackId, Cast.Rooms[0].Id, "hello");

        string? line;
        do line = await reader.ReadLineAsync(Cancellation);
        while (line != "event: change");
    }

    [Fact]
    public async Task A_refusal_of_a_simulator_reaches_the_page()
    {
        await using var world = await World.Start();

        var answer = await world.Client.PostAsJsonAsync("github/_sim/comment", new { user = "ana", repo = "acme/none", number = 1, body = "x" }, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain("acme/none");
    }

    [Fact]
    public async Task A_service_that_is_down_is_told_as_such()
    {
        await using var world = await World.Start();

        (await world.Client.GetAsync("service/api/sessions", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.BadGateway);
    }

    [Theory]
    [InlineData("Origin", "https://example.com")]
    [InlineData("Host", "example.com")]
    public async Task Other_websites_are_kept_out(string header, string value)
    {
        await using var world = await World.Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, "slack/_sim/state");
        request.Headers.TryAddWithoutValidation(header, value);

        (await world.Client.SendAsync(request, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_pages_own_tests_pass()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "Bots.sln"))) root = root.Parent;
        var start = new ProcessStartInfo("npm", ["test", "--silent"]) { WorkingDirectory = Path.Combine(root.FullName, "tests", "Playground"), RedirectStandardOutput = true, UseShellExecute = false };
        using var node = Process.Start(start)!;
        var output = await node.StandardOutput.ReadToEndAsync(Cancellation);
        await node.WaitForExitAsync(Cancellation);

        node.ExitCode.ShouldBe(0, output);
    }

    private sealed class World(SlackSimulator slack, GitHubSimulator github, WebApplication page, HttpClient inner) : IAsyncDisposable
    {
        public SlackSimulator Slack => slack;

        public HttpClient Client { get; } = new() { BaseAddress = PageServer.Address(page) };

        public static async Task<World> Start()
        {
            var options = new SlackSimulatorOptions();
            var slack = await SlackSimulator.Start(options with { Users = Cast.SlackUsers, Channels = Cast.SlackChannels(options.BotUserId) });
            var github = await GitHubSimulator.Start(new GitHubSimulatorOptions());
            var client = new HttpClient();
            var setup = PageSetup.Of(ModelChoice.From(new Dictionary<string, string>(), Nowhere, "key"));
            return new World(slack, github, await PageServer.Start(0, setup, slack.BaseUrl, github.WebUrl, Nowhere, client), client);
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await page.StopAsync(now.Token);
            await page.DisposeAsync();
            inner.Dispose();
            await github.DisposeAsync();
            await slack.DisposeAsync();
        }
    }
}
