using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Bots.Engine.Intake;
using Bots.Slack;
using Bots.Tests.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bots.Tests.Slack;

public sealed class SlackEndpointsTests : IAsyncLifetime
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    private readonly MemoryInbox _inbox = new();
    private readonly ManualTime _time = new(SlackKit.Start);
    private readonly HttpClient _http = new();
    private WebApplication? _app;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddConfiguration(SlackKit.Configuration());
        builder.Services.AddRates(new MemoryHolds()).AddSingleton<IInbox>(_inbox).AddSingleton<TimeProvider>(_time).AddSlack(builder.Configuration);
        _app = builder.Build();
        _app.MapSlack();
        await _app.StartAsync();
        _http.BaseAddress = new Uri(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app!.DisposeAsync();
    }

    [Fact]
    public async Task A_challenge_is_answered_if_it_is_signed()
    {
        const string body = """{"token":"Jhj5dZrVaK7ZwHHjRyZWjbDl","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P","type":"url_verification"}""";
        var (status, answer) = await Post("events", body);
        status.ShouldBe(HttpStatusCode.OK);
        answer.ShouldBe("3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P");
        (await Post("events", body, signature: "v0=" + new string('0', 64))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_event_is_stored_as_it_was_signed_and_acknowledged()
    {
        var body = Payloads.Event("Ev0PV52K21", """{"type":"app_mention","user":"U061F7AUR","text":"<@UBOT> grüße","ts":"1515449522.000016","channel":"C123ABC456","event_ts":"1515449522000016"}""");
        (await Post("events", body)).ShouldBe((HttpStatusCode.OK, ""));
        var stored = _inbox.Deliveries.ShouldHaveSingleItem();
        stored.ShouldSatisfyAllConditions(
            d => d.Surface.ShouldBe("slack"),
            d => d.Id.ShouldBe("Ev0PV52K21"),
            d => d.HappeningKey.ShouldBe("T1/C123ABC456/1515449522.000016"),
            d => d.Kind.ShouldBe("event_callback"),
            d => d.Body.ShouldBe(Encoding.UTF8.GetBytes(body)),
            d => d.ReceivedAt.ShouldBe(SlackKit.Start));
    }

    [Fact]
    public async Task Retries_and_the_two_events_of_one_message_are_one_happening()
    {
        var mention = Payloads.Event("Ev1", """{"type":"app_mention","ts":"1.1","channel":"C1"}""");
        var message = Payloads.Event("Ev2", """{"type":"message","channel_type":"channel","ts":"1.1","channel":"C1"}""");
        foreach (var body in new[] { mention, mention, message }) (await Post("events", body)).Status.ShouldBe(HttpStatusCode.OK);
        _inbox.Deliveries.Select(d => d.Id).ShouldBe(["Ev1"]);
    }

    [Theory]
    [InlineData("""{"type":"message","subtype":"message_changed","hidden":true,"ts":"1.1","channel":"C1","message":{"ts":"1.1"}}""")]
    [InlineData("""{"type":"message","subtype":"message_deleted","ts":"1.1","channel":"C1","deleted_ts":"1.1"}""")]
    [InlineData("""{"type":"reaction_added","item":{"type":"message","channel":"C1","ts":"1.1"}}""")]
    [InlineData("""{"type":"channel_created","channel":{"id":"C1","name":"x"},"ts":"1.1"}""")]
    [InlineData("""{"type":"app_uninstalled"}""")]
    [InlineData("null")]
    public async Task Everything_but_a_written_message_is_a_happening_of_its_own(string inner)
    {
        await Post("events", Payloads.Event("Ev1", """{"type":"message","ts":"1.1","channel":"C1"}"""));
        (await Post("events", Payloads.Event("Ev2", inner))).Status.ShouldBe(HttpStatusCode.OK);
        _inbox.Deliveries.Select(d => (d.Id, d.HappeningKey)).ShouldBe([("Ev1", "T1/C1/1.1"), ("Ev2", null)]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("""{"type":"event_callback" "event_id":1}""")]
    [InlineData("payload=%7B%7D")]
    public async Task Malformed_json_is_a_bad_request(string body)
    {
        (await Post("events", body)).Status.ShouldBe(HttpStatusCode.BadRequest);
        _inbox.Deliveries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Text_that_is_not_utf8_is_a_bad_request() =>
        (await Send("events", [.. "{\"type\":\""u8, 0xC3, 0x28, .. "\"}"u8], Json)).Status.ShouldBe(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("""{"type":"app_rate_limited","token":"x","team_id":"T1","minute_rate_limited":1518467820,"api_app_id":"A1"}""")]
    [InlineData("""{"type":"something_new","event_id":"Ev1"}""")]
    [InlineData("{}")]
    public async Task Unknown_types_are_acknowledged(string body)
    {
        (await Post("events", body)).Status.ShouldBe(HttpStatusCode.OK);
        _inbox.Deliveries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Unsigned_stale_and_forged_requests_are_refused_before_they_are_read()
    {
        const string body = "not even json";
        (await Post("events", body, signature: "")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await Post("events", body, signature: SlackSignature.Sign("another"u8, Timestamp(0), Encoding.UTF8.GetBytes(body)))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await Post("events", body, seconds: -301)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await Post("events", body, seconds: 301)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await Post("interactivity", "payload=%7B%7D", signature: "v0=00")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        _inbox.Deliveries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Doubled_headers_are_refused()
    {
        using var request = Request("events", "{}"u8.ToArray(), Json, 0, null);
        request.Headers.Add(SlackSignature.SignatureHeader, "v0=" + new string('0', 64));
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(1024 * 1024, HttpStatusCode.BadRequest)]
    [InlineData((1024 * 1024) + 1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_body_may_have_one_mebibyte(int length, HttpStatusCode expected)
    {
        var body = new byte[length];
        Array.Fill(body, (byte)' ');
        (await Send("events", body, Json)).Status.ShouldBe(expected);
        (await Send("events", body, Json, chunked: true)).Status.ShouldBe(expected);
    }

    [Fact]
    public async Task Each_endpoint_takes_its_own_content_type()
    {
        (await Send("events", "{}"u8.ToArray(), Form)).Status.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await Send("interactivity", "payload={}"u8.ToArray(), Json)).Status.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await Send("events", "{}"u8.ToArray(), "application/json; charset=utf-8")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task How_long_an_acknowledgement_took_is_measured_and_for_nothing_that_is_refused()
    {
        using var measured = new Measured(_app!.Services.GetRequiredService<IMeterFactory>());
        var body = Payloads.Form(Payloads.Click("approve_once", "abc", actionTs: "1.5"));
        await Post("interactivity", body, Form);
        await Post("interactivity", body, Form);
        await Post("interactivity", body, Form, signature: "v0=00");

        measured.All.Select(m => (m.Split(' ')[0], string.Join(' ', m.Split(' ')[2..]))).ShouldBe([("bots_ack_duration", "outcome=stored surface=slack"), ("bots_ack_duration", "outcome=duplicate surface=slack")]);
    }

    [Fact]
    public async Task A_click_is_stored_once_however_often_it_is_sent()
    {
        var body = Payloads.Form(Payloads.Click("approve_once", "abc", actionTs: "1.5"));
        for (var i = 0; i < 3; i++) (await Post("interactivity", body, Form)).ShouldBe((HttpStatusCode.OK, ""));
        await Post("interactivity", Payloads.Form(Payloads.Click("approve_once", "abc", actionTs: "1.6")), Form);
        _inbox.Deliveries.Count.ShouldBe(2);
        _inbox.Deliveries[0].Kind.ShouldBe("block_actions");
        _inbox.Deliveries[0].HappeningKey.ShouldBeNull();
        _inbox.Deliveries[0].Body.ShouldBe(Encoding.UTF8.GetBytes(body));
    }

    [Fact]
    public async Task A_submitted_modal_is_closed_by_an_empty_answer()
    {
        (await Post("interactivity", Payloads.Form(Payloads.Submission("no")), Form)).ShouldBe((HttpStatusCode.OK, ""));
        _inbox.Deliveries.ShouldHaveSingleItem().Kind.ShouldBe("view_submission");
    }

    [Theory]
    [InlineData("payload=%7B%22type%22%3A%22view_closed%22%7D", HttpStatusCode.OK)]
    [InlineData("payload=%7B%22type%22%3A%22shortcut%22%7D", HttpStatusCode.OK)]
    [InlineData("payload=%7B", HttpStatusCode.BadRequest)]
    [InlineData("payload=", HttpStatusCode.BadRequest)]
    [InlineData("payload=%7B%7D", HttpStatusCode.BadRequest)]
    [InlineData("other=1", HttpStatusCode.BadRequest)]
    [InlineData("payload=%", HttpStatusCode.BadRequest)]
    public async Task Other_interactions_are_acknowledged_and_nonsense_is_not(string body, HttpStatusCode expected)
    {
        (await Post("interactivity", body, Form)).Status.ShouldBe(expected);
        _inbox.Deliveries.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_certificate_check_is_answered_and_stores_nothing()
    {
        (await Post("interactivity", "ssl_check=1&token=x", Form, signature: "")).Status.ShouldBe(HttpStatusCode.OK);
        (await Post("interactivity", "ssl_check=1&payload=%7B%7D", Form, signature: "")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _http.GetAsync("/webhooks/slack/interactivity?ssl_check=1", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        _inbox.Deliveries.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_command_gets_a_private_pointer()
    {
        var (status, answer) = await Post("commands", "command=%2Fbots&text=hi", Form);
        status.ShouldBe(HttpStatusCode.OK);
        answer.ShouldContain("\"ephemeral\"");
    }

    [Fact]
    public async Task What_could_not_be_stored_is_not_acknowledged()
    {
        _inbox.Failure = new IOException("disk full");
        (await Post("events", Payloads.Event("Ev1", """{"type":"app_mention","ts":"1.1","channel":"C1"}"""))).Status.ShouldBe(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task Without_credentials_there_is_no_endpoint()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSlack(new ConfigurationBuilder().Build());
        await using var app = builder.Build();
        app.MapSlack();
        ((Microsoft.AspNetCore.Routing.IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).ShouldBeEmpty();
    }

    private Task<(HttpStatusCode Status, string Body)> Post(string path, string body, string type = Json, int seconds = 0, string? signature = null) =>
        Send(path, Encoding.UTF8.GetBytes(body), type, seconds, signature);

    private async Task<(HttpStatusCode Status, string Body)> Send(string path, byte[] body, string type, int seconds = 0, string? signature = null, bool chunked = false)
    {
        using var request = Request(path, body, type, seconds, signature);
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private HttpRequestMessage Request(string path, byte[] body, string type, int seconds, string? signature)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/slack/" + path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (signature == "") return request;
        request.Headers.Add(SlackSignature.TimestampHeader, Timestamp(seconds));
        request.Headers.Add(SlackSignature.SignatureHeader, signature ?? SlackSignature.Sign("shhh"u8, Timestamp(seconds), body));
        return request;
    }

    private string Timestamp(int seconds) => (_time.Now.ToUnixTimeSeconds() + seconds).ToString();
}
