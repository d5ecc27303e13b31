using System.Net;
using System.Text;
using Bots.Engine.Sessions;
using Bots.Gateway;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Bots.Tests.Gateway;

/// <summary>What a call used counts, whether or not anybody listens to its end.</summary>
public sealed class LeftCallTests
{
    private const string Messages = "/llm/anthropic/v1/messages";
    private const string Responses = "/llm/openai/responses";
    private const string Body = """{"model":"m","stream":true}""";
    private const string Started = "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}}\n\n";
    private const string Ended = "data: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":9000}}\n\n";
    private const string Silent = "data: {\"type\":\"response.output_text.delta\",\"delta\":\"Hi\"}\n\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_is_read_to_its_end_when_the_caller_leaves_midway()
    {
        using var goOn = new SemaphoreSlim(0);
        await using var upstream = await Streams(Started, async context =>
        {
            await goOn.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync(Ended);
        });
        await using var host = await Start(upstream);

        await Leave(host, Messages, Started);
        await host.Log.Wait("is read on");
        goOn.Release();

        (await host.Access.Next()).Usage.ShouldBe(new TokenUsage(10, 9000));
        (await host.Log.Wait("Model call of")).ShouldContain("→ 499");
    }

    [Fact]
    public async Task An_answer_is_awaited_when_the_caller_leaves_before_it_begins()
    {
        using var goOn = new SemaphoreSlim(0);
        var asked = new TaskCompletionSource();
        await using var upstream = await StubServer.Start(async context =>
        {
            asked.SetResult();
            await goOn.WaitAsync(context.RequestAborted);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"usage":{"input_tokens":9,"output_tokens":3}}""");
        });
        await using var host = await Start(upstream);

        await LeaveUnanswered(host, asked.Task);
        await host.Log.Wait("is read on");
        goOn.Release();

        (await host.Access.Next()).Usage.ShouldBe(new TokenUsage(9, 3));
    }

    [Fact]
    public async Task After_ten_minutes_what_went_by_is_reckoned()
    {
        var time = new InstantTime(TimeSpan.FromMinutes(10));
        await using var upstream = await Streams(Silent, Hang);
        await using var host = await Start(upstream, time);

        await Leave(host, Responses, Silent);

        (await host.Access.Next()).Usage.ShouldBe(UsageMeter.Estimate(Body.Length, Silent.Length));
        (await host.Log.Wait("Model call of")).ShouldContain("estimated");
        time.Waits.ShouldBe(1);
    }

    [Fact]
    public async Task A_call_that_was_never_answered_is_reckoned_from_its_request()
    {
        var asked = new TaskCompletionSource();
        await using var upstream = await StubServer.Start(context =>
        {
            asked.SetResult();
            return Hang(context);
        });
        await using var host = await Start(upstream, new InstantTime(TimeSpan.FromMinutes(10)));

        await LeaveUnanswered(host, asked.Task);

        (await host.Access.Next()).Usage.ShouldBe(UsageMeter.Estimate(Body.Length, 0));
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read_for_ever()
    {
        using var goOn = new SemaphoreSlim(0);
        var part = new byte[1024 * 1024];
        await using var upstream = await Streams(Silent, async context =>
        {
            await goOn.WaitAsync(context.RequestAborted);
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(part);
        });
        await using var host = await Start(upstream, new ManualTimeProvider(DateTimeOffset.UnixEpoch));

        await Leave(host, Responses, Silent);
        await host.Log.Wait("is read on");
        goOn.Release();

        (await host.Access.Next()).Usage.Output.ShouldBeInRange(64 * 1024 * 1024 / 4, 65 * 1024 * 1024 / 4);
    }

    [Fact]
    public async Task A_stream_that_tells_no_use_is_reckoned_though_it_was_heard_to_its_end()
    {
        await using var upstream = await Streams(Silent, _ => Task.CompletedTask);
        await using var host = await Start(upstream);
        using var client = host.Client();

        (await client.PostAsync(Responses, Json(), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await host.Access.Next()).Usage.ShouldBe(new TokenUsage((Body.Length + 3) / 4, (Silent.Length + 3) / 4) { IsEstimate = true });
    }

    [Fact]
    public async Task A_page_that_is_no_models_answer_costs_nothing()
    {
        await using var upstream = await StubServer.Start(context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<h1>It works</h1>");
        });
        await using var host = await Start(upstream);
        using var client = host.Client();

        (await client.PostAsync(Responses, Json(), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await host.Log.Wait("Model call of");

        host.Access.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task A_stopping_service_waits_for_no_answer()
    {
        await using var upstream = await Streams(Started, Hang);
        await using var host = await Start(upstream, new ManualTimeProvider(DateTimeOffset.UnixEpoch));

        await Leave(host, Messages, Started);
        await host.Log.Wait("is read on");
        await host.Get<IHost>().StopAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        (await host.Access.Next()).Usage.ShouldBe(new TokenUsage(10, 1));
    }

    [Theory]
    [InlineData("""{"model":"m","background":true}""")]
    [InlineData("""{"model":"m","Background":true}""")]
    [InlineData("""{"model":"m","background":false,"background":1}""")]
    public async Task Work_nobody_listens_to_is_refused(string body)
    {
        await using var upstream = await StubServer.Start(_ => Task.CompletedTask);
        await using var host = await GatewayHost.Start(new(ModelSettings.For(upstream.Url, "sk-1", "sk-2")) { ["Models:HostedTools"] = "true" });
        using var client = host.Client();

        using var response = await client.PostAsync(Responses, Json(body), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("what they use would be counted nowhere");
        upstream.Requests.ShouldBeEmpty();
    }

    /// <summary>Asks, hears the beginning of the answer and hangs up.</summary>
    private static async Task Leave(GatewayHost host, string path, string beginning)
    {
        using var client = host.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json() };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var stream = await response.Content.ReadAsStreamAsync(Cancellation);
        await stream.ReadExactlyAsync(new byte[beginning.Length], Cancellation);
    }

    private static async Task LeaveUnanswered(GatewayHost host, Task asked)
    {
        using var client = host.Client();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var call = client.PostAsync(Responses, Json(), patience.Token);
        await asked.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(call);
    }

    private static Task<StubServer> Streams(string beginning, RequestDelegate rest) => StubServer.Start(async context =>
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(beginning);
        await context.Response.Body.FlushAsync();
        await rest(context);
    });

    private static Task Hang(HttpContext context) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);

    private static Task<GatewayHost> Start(StubServer upstream, TimeProvider? time = null) => GatewayHost.Start(ModelSettings.For(upstream.Url, "sk-1", "sk-2"), time: time);

    private static StringContent Json(string body = Body) => new(body, Encoding.UTF8, "application/json");
}
