using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Bots.Engine.Gateway;
using Bots.Gateway;
using Microsoft.AspNetCore.Http;

namespace Bots.Tests.Gateway;

public sealed class ModelRetryTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(429, "retry-after", "3", 3.0)]
    [InlineData(503, "retry-after", "30", 30.0)]
    [InlineData(529, "retry-after", "0", 0.0)]
    [InlineData(429, "retry-after-ms", "250", 0.25)]
    [InlineData(429, "retry-after", "Wed, 04 Mar 2026 12:00:10 GMT", 10.0)]
    [InlineData(429, "retry-after", "Wed, 04 Mar 2026 11:00:00 GMT", 0.0)]
    [InlineData(429, "retry-after", "31", null)]
    [InlineData(429, "retry-after", "-1", null)]
    [InlineData(429, "retry-after", "soon", null)]
    [InlineData(429, "x-other", "1", null)]
    [InlineData(500, "retry-after", "1", null)]
    [InlineData(200, "retry-after", "1", null)]
    public void Only_a_provider_that_says_when_is_asked_again(int status, string header, string value, double? seconds)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        response.Headers.TryAddWithoutValidation(header, value);

        ModelRetry.Pause(response, Now).ShouldBe(seconds is { } some ? TimeSpan.FromSeconds(some) : null);
    }

    [Fact]
    public async Task A_call_that_succeeds_in_the_end_is_one_call_to_the_agent()
    {
        var time = new InstantTime(TimeSpan.FromSeconds(2));
        var answers = new Queue<int>([429, 503, 529, 200]);
        await using var upstream = await StubServer.Start(context => Answer(context, answers.Dequeue(), "2"));
        await using var host = await GatewayHost.Start(ModelSettings.For(upstream.Url, "sk-1", "sk-2"), time: time);
        var failures = 0;
        host.Get<ModelTrouble>().Hopeless += (_, _) => failures++;
        using var client = host.Client();

        using var response = await client.PostAsync("/llm/openai/chat/completions", Json("""{"model":"m","messages":["hi"]}"""), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        upstream.Requests.Select(request => request.Text).Distinct().ShouldHaveSingleItem();
        upstream.Requests.Count.ShouldBe(4);
        time.Waits.ShouldBe(3);
        (await host.Access.Next()).Usage.Total.ShouldBe(12);
        failures.ShouldBe(0);
    }

    [Fact]
    public async Task A_provider_that_goes_on_refusing_is_passed_on_with_its_advice()
    {
        await using var upstream = await StubServer.Start(context => Answer(context, 429, "1"));
        await using var host = await GatewayHost.Start(ModelSettings.For(upstream.Url, "sk-1", "sk-2"), time: new InstantTime(TimeSpan.FromSeconds(1)));
        using var client = host.Client();

        using var response = await client.PostAsync("/llm/anthropic/v1/messages", Json("""{"model":"m"}"""), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        response.Headers.RetryAfter.ShouldBe(new RetryConditionHeaderValue(TimeSpan.FromSeconds(1)));
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("prompt_tokens");
        upstream.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Only_what_finally_failed_counts_as_trouble()
    {
        await using var upstream = await StubServer.Start(context => Answer(context, 503, "1"));
        await using var host = await GatewayHost.Start(ModelSettings.For(upstream.Url, "sk-1", "sk-2"), time: new InstantTime(TimeSpan.FromSeconds(1)));
        var hopeless = new TaskCompletionSource();
        host.Get<ModelTrouble>().Hopeless += (_, _) => hopeless.TrySetResult();
        using var client = host.Client();

        for (var call = 1; call < ModelTrouble.Limit; call++) await Fail();
        hopeless.Task.IsCompleted.ShouldBeFalse();
        await Fail();
        await hopeless.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        async Task Fail() => (await client.PostAsync("/llm/openai/responses", Json("""{"model":"m"}"""), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_caller_that_goes_away_stops_the_waiting()
    {
        var asked = new TaskCompletionSource();
        await using var upstream = await StubServer.Start(context =>
        {
            context.Response.OnCompleted(() =>
            {
                asked.TrySetResult();
                return Task.CompletedTask;
            });
            return Answer(context, 429, "5");
        });
        await using var host = await GatewayHost.Start(ModelSettings.For(upstream.Url, "sk-1", "sk-2"), time: new ManualTimeProvider(Now));
        using var client = host.Client();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var call = client.PostAsync("/llm/openai/responses", Json("""{"model":"m"}"""), patience.Token);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        await patience.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(call);
        await host.Log.Wait("→ 499");
        upstream.Requests.Count.ShouldBe(1);
    }

    private static Task Answer(HttpContext context, int status, string after)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.RetryAfter = after;
        return context.Response.WriteAsync("""{"usage":{"prompt_tokens":9,"completion_tokens":3}}""");
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
