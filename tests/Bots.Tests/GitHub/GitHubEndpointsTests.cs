using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Bots.Engine.Intake;
using Bots.GitHub;
using Bots.Tests.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bots.Tests.GitHub;

public sealed class GitHubEndpointsTests : IAsyncLifetime
{
    private readonly ListInbox _inbox = new();
    private readonly HttpClient _client = new();
    private WebApplication _app = null!;

    public async ValueTask InitializeAsync() => _app = await Start(("GitHub:Token", "ghp_x"), ("GitHub:WebhookSecret", GitHubKit.Secret));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task A_signed_comment_is_stored_as_it_came_and_then_acknowledged()
    {
        var body = Payloads.Comment("@helper fix it").ToJsonString();

        (await Send(body, id: "guid-1")).ShouldBe(HttpStatusCode.Accepted);

        var delivery = _inbox.Deliveries.ShouldHaveSingleItem();
        (delivery.Surface, delivery.Id, delivery.Kind, delivery.HappeningKey).ShouldBe(("github", "guid-1", "issue_comment", "issue_comment:492700400:created"));
        delivery.ReceivedAt.ShouldBe(ManualTime.Noon);
        Encoding.UTF8.GetString(delivery.Body).ShouldBe(body);
    }

    [Fact]
    public async Task A_delivery_that_is_sent_again_is_acknowledged_and_not_stored_again()
    {
        var body = Payloads.Comment("@helper fix it").ToJsonString();
        await Send(body, id: "guid-1");

        (await Send(body, id: "guid-1")).ShouldBe(HttpStatusCode.Accepted);

        _inbox.Deliveries.Count.ShouldBe(1);
    }

    [Fact]
    public async Task How_long_an_acknowledgement_took_is_measured_and_for_nothing_that_is_refused()
    {
        using var measured = new Measured(_app.Services.GetRequiredService<IMeterFactory>());
        var body = Payloads.Comment("@helper fix it").ToJsonString();
        await Send(body, signature: "");
        await Send(body, id: "guid-1");
        await Send(body, id: "guid-1");

        measured.All.Select(m => (m.Split(' ')[0], string.Join(' ', m.Split(' ')[2..]))).ShouldBe([("bots_ack_duration", "outcome=stored surface=github"), ("bots_ack_duration", "outcome=duplicate surface=github")]);
    }

    [Fact]
    public async Task Every_real_payload_is_acknowledged_and_only_comments_are_stored()
    {
        foreach (var (name, body) in Payloads.All)
            ((int)await Send(body, name, id: Guid.NewGuid().ToString())).ShouldBeInRange(200, 299, name);

        _inbox.Deliveries.Select(d => d.Kind).Distinct().ShouldBe(["issue_comment"]);
        _inbox.Deliveries.Count.ShouldBe(7);
    }

    [Fact]
    public async Task A_body_of_several_megabytes_is_taken() =>
        (await Send($$"""{"action":"created","comment":{"id":1},"x":"{{new string('x', 5_000_000)}}"}""")).ShouldBe(HttpStatusCode.Accepted);

    [Fact]
    public async Task A_wrong_signature_is_refused() => (await Send("{}", signature: GitHubSignature.Of("other", "{}"u8))).ShouldBe(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task A_missing_signature_is_refused() => (await Send("{}", signature: "")).ShouldBe(HttpStatusCode.Unauthorized);

    [Theory]
    [InlineData("")]
    [InlineData("{\"action\":")]
    [InlineData("[]")]
    [InlineData("payload=%7B%7D")]
    public async Task A_body_that_is_no_JSON_object_is_a_bad_request(string body) => (await Send(body)).ShouldBe(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("", "guid")]
    [InlineData("issue_comment", "")]
    public async Task Missing_headers_are_a_bad_request(string name, string id) => (await Send("{}", name, id)).ShouldBe(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task More_than_25_MiB_are_too_much(bool chunked)
    {
        using var request = Request(new byte[GitHubEndpoints.MostBytes + 1], "issue_comment", "guid", "sha256=00");
        request.Headers.ExpectContinue = true;
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Without_GitHub_there_is_no_endpoint()
    {
        await using var app = await Start();
        using var response = await _client.PostAsync(new Uri(new Uri(app.Urls.Single()), GitHubEndpoints.Path), null, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<HttpStatusCode> Send(string body, string name = "issue_comment", string id = "guid", string? signature = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        using var request = Request(bytes, name, id, signature ?? GitHubSignature.Of(GitHubKit.Secret, bytes));
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        _inbox.Deliveries.ShouldAllBe(_ => response.IsSuccessStatusCode);
        return response.StatusCode;
    }

    private HttpRequestMessage Request(byte[] body, string name, string id, string signature)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(_app.Urls.Single()), GitHubEndpoints.Path)) { Content = new ByteArrayContent(body) };
        foreach (var (header, value) in new[] { ("X-GitHub-Event", name), ("X-GitHub-Delivery", id), (GitHubSignature.Header, signature) })
            if (value.Length > 0) request.Headers.Add(header, value);
        return request;
    }

    private async Task<WebApplication> Start(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        foreach (var (key, value) in settings) builder.Configuration[key] = value;
        builder.Services.AddRates(new MemoryHolds()).AddSingleton<IInbox>(_inbox).AddSingleton<TimeProvider>(new ManualTime(ManualTime.Noon)).AddGitHub(builder.Configuration);
        var app = builder.Build();
        app.MapGitHub();
        await app.StartAsync();
        return app;
    }
}
