using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Bots.Engine.Sessions;
using Microsoft.AspNetCore.Http;

namespace Bots.Tests.Gateway;

public sealed class ModelProxyTests
{
    private const string OpenAIKey = "sk-secret-of-openai";
    private const string AnthropicKey = "sk-ant-secret";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chat_completion_streams_through_and_its_use_is_recorded()
    {
        await using var upstream = await StubServer.Start(context => Sse(context,
            """data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Hi"}}],"usage":null}""",
            """data: {"object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":100,"completion_tokens":7,"total_tokens":107,"prompt_tokens_details":{"cached_tokens":60}}}""",
            "data: [DONE]"));
        await using var host = await GatewayHost.Start(Settings(upstream));
        using var client = host.Client();

        using var response = await client.PostAsync("/llm/openai/chat/completions", Json("""{"model":"gpt-5","stream":true,"messages":[]}"""), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldEndWith("data: [DONE]\n\n");
        (await host.Access.Next()).ShouldBe(new RecordedUsage("openai", "gpt-5", new TokenUsage(40, 7, 60)));
        upstream.Requests.Single().Target.ShouldBe("/v1/chat/completions");
        JsonNode.Parse(upstream.Requests.Single().Body)!["stream_options"]!["include_usage"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task The_responses_api_reports_its_use_in_the_last_event()
    {
        await using var upstream = await StubServer.Start(context => Sse(context,
            "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"r\",\"usage\":null}}",
            "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"usage\":{\"input_tokens\":50,\"input_tokens_details\":{\"cached_tokens\":10},\"output_tokens\":5,\"output_tokens_details\":{\"reasoning_tokens\":2},\"total_tokens\":55}}}"));
        await using var host = await GatewayHost.Start(Settings(upstream));
        using var client = host.Client();
        const string body = """{"model":"gpt-5-codex","stream":true,"input":"hi"}""";

        using var response = await client.PostAsync("/llm/openai/responses", Json(body), Cancellation);
        await response.Content.ReadAsStringAsync(Cancellation);

        (await host.Access.Next()).ShouldBe(new RecordedUsage("openai", "gpt-5-codex", new TokenUsage(40, 5, 10)));
        upstream.Requests.Single().Text.ShouldBe(body);
    }

    [Fact]
    public async Task An_anthropic_stream_is_counted_from_its_start_and_its_last_delta()
    {
        await using var upstream = await StubServer.Start(context => Sse(context, AnthropicStart,
            "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"output_tokens\":12}}",
            "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"input_tokens\":null,\"output_tokens\":30}}",
            "event: message_stop\ndata: {\"type\":\"message_stop\"}"));
        await using var host = await GatewayHost.Start(Settings(upstream));
        using var client = AnthropicClient(host);

        using var response = await client.PostAsync("/llm/anthropic/v1/messages?beta=true", Json("""{"model":"claude-sonnet-4-5","stream":true}"""), Cancellation);
        await response.Content.ReadAsStringAsync(Cancellation);

        (await host.Access.Next()).ShouldBe(new RecordedUsage("anthropic", "claude-sonnet-4-5", new TokenUsage(10, 30, 200, 50)));
        var sent = upstream.Requests.Single();
        sent.Target.ShouldBe("/v1/messages?beta=true");
        sent.Headers["x-api-key"].ShouldBe(AnthropicKey);
        sent.Headers["anthropic-version"].ShouldBe("2023-06-01");
        sent.Headers["anthropic-beta"].ShouldBe("context-1m");
    }

    [Theory]
    [InlineData("/llm/openai/chat/completions", """{"usage":{"prompt_tokens":9,"completion_tokens":3}}""")]
    [InlineData("/llm/openai/responses", """{"usage":{"input_tokens":9,"output_tokens":3}}""")]
    [InlineData("/llm/anthropic/v1/messages", """{"type":"message","usage":{"input_tokens":9,"output_tokens":3}}""")]
    public async Task A_whole_body_is_counted_too(string path, string answer)
    {
        await using var upstream = await StubServer.Start(context => Answer(context, 200, answer));
        await using var host = await GatewayHost.Start(Settings(upstream));
        using var client = host.Client();

        using var response = await client.PostAsync(path, Json("""{"model":"m"}"""), Cancellation);

        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldBe(answer);
        (await host.Access.Next()).Usage.ShouldBe(new TokenUsage(9, 3));
    }

    [Fact]
    public async Task Counting_tokens_beforehand_costs_nothing()
    {
        await using var upstream = await StubServer.Start(context => Answer(context, 200, """{"input_tokens":2095,"usage":{"input_tokens":1}}"""));
        await using var host = await GatewayHost.Start(Settings(upstream));
        using var client = host.Client();

        using var response = await client.PostAsync("/llm/anthropic/v1/messages/count_tokens", Json("""{"model":"m"}"""), Cancellation);
        await response.Content.ReadAsStringAsync(Cancellation);
        await host.Log.Wait("Model call of");

        host.Access.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task Every_chunk_reaches_the_caller_before_the_next_one_is_made()
    {
        using var goOn = new SemaphoreSlim(0);
        await using var upstream = await StubServer.Start(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync();
            for (var i = 0; i < 3; i++)
            {
                await goOn.WaitAsync(context.RequestAborted);
                await context.Response.WriteAsync($"data: {i}\n\n");
                await context.Response.Body.FlushAsync();
            }
        });
        await using var host = await GatewayHost.Start(Settings(upstream));
        using var client = host.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/llm/openai/responses") { Content = Json("""{"model":"m","stream":true}""") };

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var stream = await response.Content.ReadAsStreamAsync(Cancellation);

        for (var i = 0; i < 3; i++)
        {
            goOn.Release();
            var chunk = new byte[9];
            await stream.ReadExactlyAsync(chunk, Cancellation);
            Encoding.UTF8.GetString(chunk).ShouldBe($"data: {i}\n\n");
        }
    }

    [Fact]
    public async Task A_response_that_breaks_off_does_not_look_complete()
    {
        using var goOn = new SemaphoreSlim(0);
        await using var upstream = await StubServer.Start(async context =>
        {
            await Sse(context, AnthropicStart);
            await goOn.WaitAsync(context.RequestAborted);
            context.Abort();
        });
        await using var host = await GatewayHost.Start(Settings(upstream));
        using var client = host.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/llm/anthropic/v1/messages") { Content = Json("""{"model":"claude-sonnet-4-5","stream":true}""") };

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var stream = await response.Content.ReadAsStreamAsync(Cancellation);
        await stream.ReadExactlyAsync(new byte[AnthropicStart.Length + 2], Cancellation);
        goOn.Release();

        await Should.ThrowAsync<HttpIOException>(async () => await stream.ReadExactlyAsync(new byte[1], Cancellation));
        (await host.Access.Next()).Usage.Input.ShouldBe(10);
        (await host.Log.Wait("Model call of")).ShouldContain("→ 502");
    }

    private const string AnthropicStart =
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"usage\":{\"input_tokens\":10,\"cache_creation_input_tokens\":50,\"cache_read_input_tokens\":200,\"output_tokens\":1}}}";

    private static HttpClient AnthropicClient(GatewayHost host)
    {
        var client = host.Client(token: null);
        client.DefaultRequestHeaders.Add("x-api-key", GatewayHost.Token);
        client.DefaultRequestHeaders.Add("anthropic-version", "2023-06-01");
        client.DefaultRequestHeaders.Add("anthropic-beta", "context-1m");
        return client;
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static Dictionary<string, string?> Settings(StubServer upstream) => ModelSettings.For(upstream.Url, OpenAIKey, AnthropicKey);

    private static async Task Sse(HttpContext context, params string[] events)
    {
        if (!HasKey(context)) { context.Response.StatusCode = 401; return; }
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        foreach (var text in events) await context.Response.WriteAsync(text + "\n\n");
        await context.Response.Body.FlushAsync();
    }

    private static Task Answer(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = HasKey(context) ? status : 401;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body);
    }

    /// <summary>As strict as the originals: the right key, in the right header, and no other credential.</summary>
    private static bool HasKey(HttpContext context) => (context.Request.Headers.Authorization.ToString(), context.Request.Headers["x-api-key"].ToString()) switch
    {
        ("Bearer " + OpenAIKey, "") => !context.Request.Path.Value!.Contains("messages", StringComparison.Ordinal),
        ("", AnthropicKey) => context.Request.Path.Value!.Contains("messages", StringComparison.Ordinal),
        _ => false,
    };
}
