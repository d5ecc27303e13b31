using System.Collections.Concurrent;
using System.Diagnostics;
using Bots.GitHub;
using Bots.Slack;
using Bots.Telemetry;
using Bots.Tests.Gateway;
using Bots.Tests.GitHub;
using Bots.Tests.Slack;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bots.Tests.Telemetry;

/// <summary>Where traces meet others: what strangers may put in, and what strangers get to see.</summary>
public sealed class OutsideTraceTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = [];
    private readonly ActivityListener _listener;
    private readonly ActivityTraceId _trace = ActivityTraceId.CreateRandom();

    public OutsideTraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "System.Net.Http" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId == _trace) _spans.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task A_trace_that_a_request_brings_along_is_not_taken_over()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddTelemetry();
        await using var app = builder.Build();
        app.Run(context => context.Response.WriteAsync($"{Activity.Current?.TraceId}"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null });
        client.DefaultRequestHeaders.Add("traceparent", $"00-{_trace}-00f067aa0ba902b7-01");

        var own = await client.GetStringAsync(new Uri(app.Urls.Single()), TestContext.Current.CancellationToken);

        own.Length.ShouldBe(32);
        own.ShouldNotBe(_trace.ToString());
    }

    [Fact]
    public async Task Slack_learns_nothing_of_the_trace_and_the_trace_nothing_of_the_query()
    {
        await using var slack = await StubServer.Start(context => context.Response.WriteAsync("""{"ok":true,"messages":[]}"""));
        await using var services = new ServiceCollection().AddLogging().AddRates(new MemoryHolds()).AddSlack(SlackKit.Configuration(("Slack:ApiUrl", slack.Url.ToString()))).BuildServiceProvider();

        await Within(() => services.GetRequiredService<SlackClient>().Replies("C0SECRET", "1.5", null, TestContext.Current.CancellationToken));

        slack.Requests.ShouldHaveSingleItem().Target.ShouldContain("C0SECRET");
        slack.Requests[0].Headers.Keys.ShouldNotContain("traceparent", StringComparer.OrdinalIgnoreCase);
        var span = _spans.ShouldHaveSingleItem();
        span.GetTagItem("url.full").ShouldBe($"{slack.Url}conversations.replies?*");
        span.TagObjects.ShouldNotContain(tag => $"{tag.Value}".Contains("C0SECRET", StringComparison.Ordinal));
    }

    [Fact]
    public async Task GitHub_learns_nothing_of_the_trace()
    {
        await using var kit = await GitHubKit.WithToken();
        var headers = new List<string>();
        kit.Stub.On("POST /repos/octo/shop/issues/3/comments", context =>
        {
            headers.AddRange(context.Request.Headers.Keys);
            context.Response.StatusCode = StatusCodes.Status410Gone;
            return Task.CompletedTask;
        });

        await Within(() => Should.ThrowAsync<GitHubException>(() => kit.Client.Comment(Engine.RepositoryName.Parse("octo/shop"), 3, "hi", TestContext.Current.CancellationToken)));

        _spans.ShouldHaveSingleItem().GetTagItem("url.full").ShouldBe(new Uri(kit.Stub.Url, "repos/octo/shop/issues/3/comments").ToString());
        headers.ShouldContain("Authorization");
        headers.ShouldNotContain("traceparent", StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Credentials_that_stand_in_an_address_are_not_in_a_span()
    {
        await using var upstream = await StubServer.Start(context => context.Response.WriteAsync("ok"));
        using var client = new HttpClient();

        await Within(() => client.GetStringAsync(new UriBuilder(upstream.Url) { UserName = "me", Password = "hunter2", Query = "?token=hunter2" }.Uri, TestContext.Current.CancellationToken));

        var tags = _spans.SelectMany(span => span.TagObjects).Select(tag => $"{tag.Value}").ToList();
        tags.ShouldContain(tag => tag.EndsWith("?*", StringComparison.Ordinal));
        tags.ShouldNotContain(tag => tag.Contains("hunter2", StringComparison.Ordinal));
    }

    /// <summary>Does something in the trace of this test.</summary>
    private async Task Within(Func<Task> work)
    {
        using var root = new Activity("test");
        root.SetParentId(_trace, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        root.Start();
        await work();
    }
}
