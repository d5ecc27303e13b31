using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Bots.Gateway;
using Microsoft.AspNetCore.Http;

namespace Bots.Tests.Gateway;

public sealed class ModelCrowdTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/llm/openai/chat/completions", "code", "rate_limit_exceeded")]
    [InlineData("/llm/anthropic/v1/messages", "type", "rate_limit_error")]
    public async Task A_call_beyond_sixteen_is_told_to_come_back_in_the_agents_own_shape(string path, string field, string value)
    {
        var (go, there) = (new TaskCompletionSource(), new SemaphoreSlim(0));
        await using var upstream = await StubServer.Start(async context =>
        {
            there.Release();
            await go.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("{}");
        });
        await using var host = await GatewayHost.Start(ModelSettings.For(upstream.Url, "sk-1", "sk-2"), time: new InstantTime(ModelRooms.Patience));
        using var client = host.Client();
        var calls = Enumerable.Range(0, ModelRooms.MostCalls).Select(_ => client.PostAsync(path, Body(), Cancellation)).ToList();
        for (var n = 0; n < ModelRooms.MostCalls; n++) (await there.WaitAsync(TimeSpan.FromSeconds(20), Cancellation)).ShouldBeTrue();

        using var refused = await client.PostAsync(path, Body(), Cancellation);

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        JsonNode.Parse(await refused.Content.ReadAsStringAsync(Cancellation))!["error"]![field]!.GetValue<string>().ShouldBe(value);
        go.SetResult();
        foreach (var call in await Task.WhenAll(calls)) call.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.PostAsync(path, Body(), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Bodies_that_are_announced_and_do_not_come_take_only_so_much_memory()
    {
        await using var upstream = await StubServer.Start(context => context.Response.WriteAsync("{}"));
        await using var host = await GatewayHost.Start(ModelSettings.For(upstream.Url, "sk-1", "sk-2"), time: new InstantTime(ModelRooms.Patience));
        using var client = host.Client();
        var head = $"POST /llm/openai/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {GatewayHost.Token}\r\nContent-Length: {ModelRooms.MostRequestBytes}\r\nExpect: 100-continue\r\n\r\n";
        using var first = await host.Dial();
        using var second = await host.Dial();
        foreach (var slow in new[] { first, second })
        {
            await slow.Send(head);
            // The server asks for a body once it is about to be read.
            (await slow.ReadUntil("\r\n\r\n")).ShouldStartWith("HTTP/1.1 100");
        }

        (await client.PostAsync("/llm/openai/chat/completions", Body(), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        upstream.Requests.ShouldBeEmpty();
    }

    private static StringContent Body() => new("""{"model":"m","max_tokens":1,"messages":[]}""", Encoding.UTF8, "application/json");
}
