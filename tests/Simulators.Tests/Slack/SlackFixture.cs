using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bots.Simulators.Slack;

namespace Bots.Simulators.Tests.Slack;

/// <summary>A workspace, an app that listens, and the app's calls.</summary>
public abstract class SlackFixture : IAsyncLifetime
{
    private readonly HttpClient _http = new();

    protected const string Alice = "U0ALICE000";
    protected const string Bob = "U0BOB00000";
    protected const string General = "C0GENERAL0";
    protected const string Elsewhere = "C0ELSEWHER";
    protected const string Secret = "C0SECRET00";
    protected const string Archive = "C0ARCHIVE0";

    private protected ManualTime Time { get; } = new();

    private protected AppServer App { get; private set; } = null!;

    protected SlackSimulator Slack { get; private set; } = null!;

    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    protected virtual SlackSimulatorOptions Adjust(SlackSimulatorOptions options) => options;

    public async ValueTask InitializeAsync()
    {
        App = await AppServer.Start();
        var bot = new SlackSimulatorOptions().BotUserId;
        Slack = await SlackSimulator.Start(Adjust(new SlackSimulatorOptions
        {
            TimeProvider = Time,
            EchoBotMessages = false,
            Channels =
            [
                new() { Id = General, Name = "general", Members = [Alice, Bob, bot] },
                new() { Id = Elsewhere, Name = "elsewhere", Members = [Alice] },
                new() { Id = Secret, Name = "secret", Members = [Alice], Kind = SlackChannelKind.Private },
                new() { Id = Archive, Name = "archive", Members = [Alice, bot], IsArchived = true },
            ],
        }));
        Slack.EventsUrl = Slack.InteractivityUrl = Slack.CommandsUrl = App.Url;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _http.Dispose();
        await Slack.DisposeAsync();
        await App.DisposeAsync();
    }

    private protected Task<HttpResponseMessage> Send(string method, object args, string? token = "default")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Slack.ApiUrl, method)) { Content = JsonContent.Create(args) };
        return Send(request, token);
    }

    /// <summary>Calls with a JSON body.</summary>
    private protected async Task<JsonElement> Call(string method, object args, string? token = "default")
    {
        using var response = await Send(method, args, token);
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
    }

    /// <summary>Calls with a form, nested values as JSON.</summary>
    private protected async Task<JsonElement> Form(string method, params (string Name, string Value)[] args)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Slack.ApiUrl, method))
        {
            Content = new FormUrlEncodedContent(args.ToDictionary(a => a.Name, a => a.Value)),
        };
        using var response = await Send(request, "default");
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
    }

    private protected async Task<string> Post(string text, string? thread = null, JsonNode? blocks = null)
    {
        var args = new JsonObject { ["channel"] = General, ["text"] = text, ["blocks"] = blocks };
        if (thread is not null)
            args["thread_ts"] = thread;
        var answer = await Call("chat.postMessage", args);
        answer.GetProperty("ok").GetBoolean().ShouldBeTrue(answer.ToString());
        return answer.GetProperty("ts").GetString()!;
    }

    private protected static string Error(JsonElement answer) => answer.GetProperty("ok").GetBoolean() ? "ok" : answer.GetProperty("error").GetString()!;

    private protected static JsonArray Buttons(string block = "b1") => new(JsonNode.Parse($$$"""
        {"type":"actions","block_id":"{{{block}}}","elements":[
          {"type":"button","action_id":"approve","text":{"type":"plain_text","text":"Approve"},"style":"primary","value":"p1"},
          {"type":"button","action_id":"deny","text":{"type":"plain_text","text":"Deny"},"style":"danger","value":"p1"},
          {"type":"button","action_id":"open","text":{"type":"plain_text","text":"Open"},"url":"https://example.com/"},
          {"type":"static_select","action_id":"repo","options":[{"text":{"type":"plain_text","text":"One"},"value":"one"},{"text":{"type":"plain_text","text":"Two"},"value":"two"}]}
        ]}
        """));

    private async Task<HttpResponseMessage> Send(HttpRequestMessage request, string? token)
    {
        using (request)
        {
            if (token is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token == "default" ? Slack.Options.BotToken : token);
            return await _http.SendAsync(request);
        }
    }
}
