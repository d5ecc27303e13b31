using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Bots.Tests.Gateway;

public sealed class ModelRefusalTests
{
    private const string Key = "sk-very-secret";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/llm/openai/chat/completions", "error.code", "invalid_api_key")]
    [InlineData("/llm/anthropic/v1/messages", "error.type", "authentication_error")]
    [InlineData("/llm/nobody/v1/messages", "error.type", "authentication_error")]
    public async Task A_wrong_token_is_refused_in_the_callers_own_shape(string path, string field, string value)
    {
        await using var upstream = await StubServer.Start(_ => Task.CompletedTask);
        await using var host = await GatewayHost.Start(ModelSettings.For(upstream.Url, Key, Key));
        using var client = host.Client("wrong-token");

        using var response = await client.PostAsync(path, Json("""{"model":"m"}"""), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        Field(await response.Content.ReadAsStringAsync(Cancellation), field).ShouldBe(value);
        upstream.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("POST", "/llm/openai/embeddings")]
    [InlineData("POST", "/llm/openai/models")]
    [InlineData("GET", "/llm/openai/responses")]
    [InlineData("POST", "/llm/openai/v1/messages")]
    [InlineData("POST", "/llm/openai/../v1/files")]
    [InlineData("POST", "/llm/openai/chat%2Fcompletions%2F..%2Ffiles")]
    [InlineData("GET", "/llm/anthropic/v1/organizations/api_keys")]
    [InlineData("POST", "/llm/nobody/chat/completions")]
    public async Task Only_known_calls_of_known_providers_leave(string method, string path)
    {
        await using var upstream = await StubServer.Start(_ => Task.CompletedTask);
        await using var host = await GatewayHost.Start(ModelSettings.For(upstream.Url, Key, Key));
        using var client = host.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = Json("""{"model":"m"}""") };

        (await client.SendAsync(request, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        upstream.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("not json", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("""{"messages":[]}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"model":7}""", HttpStatusCode.BadRequest)]
    public async Task A_request_without_a_model_does_not_leave(string body, HttpStatusCode status)
    {
        await using var upstream = await StubServer.Start(_ => Task.CompletedTask);
        await using var host = await GatewayHost.Start(ModelSettings.For(upstream.Url, Key, Key));
        using var client = host.Client();

        (await client.PostAsync("/llm/openai/chat/completions", Json(body), Cancellation)).StatusCode.ShouldBe(status);
        upstream.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Neither_the_token_nor_what_names_the_caller_goes_upstream()
    {
        await using var upstream = await StubServer.Start(context => context.Response.WriteAsync("{}"));
        await using var host = await GatewayHost.Start(ModelSettings.For(upstream.Url, Key, Key));
        using var client = host.Client();
        client.DefaultRequestHeaders.Add("x-api-key", GatewayHost.Token);
        client.DefaultRequestHeaders.Add("Cookie", "a=b");
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "10.0.0.1");
        client.DefaultRequestHeaders.Add("OpenAI-Organization", "org-of-somebody");
        client.DefaultRequestHeaders.Add("X-Hidden", "prefix " + GatewayHost.Token);
        client.DefaultRequestHeaders.Add("Connection", "x-hop");
        client.DefaultRequestHeaders.Add("X-Hop", "1");
        client.DefaultRequestHeaders.Add("X-Stainless-Lang", "js");

        using var response = await client.PostAsync("/llm/openai/chat/completions", Json("""{"model":"m"}"""), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var sent = upstream.Requests.Single().Headers;
        sent.Keys.Order().ShouldBe(["Accept-Encoding", "Authorization", "Content-Length", "Content-Type", "Host", "X-Stainless-Lang"]);
        sent["Authorization"].ShouldBe("Bearer " + Key);
        sent["Accept-Encoding"].ShouldBe("identity");
        sent["Host"].ShouldBe(upstream.Url.Authority);
    }

    [Fact]
    public async Task Neither_cookies_nor_the_key_come_back()
    {
        await using var upstream = await StubServer.Start(context =>
        {
            context.Response.Headers.SetCookie = "__cf=1";
            context.Response.Headers["x-echo"] = "Bearer " + Key;
            context.Response.Headers["x-request-id"] = "req_1";
            return context.Response.WriteAsync("{}");
        });
        await using var host = await GatewayHost.Start(ModelSettings.For(upstream.Url, Key, Key));
        using var client = host.Client();

        using var response = await client.PostAsync("/llm/openai/chat/completions", Json("""{"model":"m"}"""), Cancellation);

        response.Headers.Contains("Set-Cookie").ShouldBeFalse();
        response.Headers.Contains("x-echo").ShouldBeFalse();
        response.Headers.GetValues("x-request-id").ShouldBe(["req_1"]);
    }

    [Fact]
    public async Task An_error_of_the_provider_comes_through_with_its_status_and_its_patience()
    {
        const string body = """{"error":{"message":"Rate limit reached for key sk-very-secret","type":"tokens"}}""";
        await using var upstream = await StubServer.Start(context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "7";
            return context.Response.WriteAsync(body);
        });
        await using var host = await GatewayHost.Start(ModelSettings.For(upstream.Url, Key, Key));
        using var client = host.Client();

        using var response = await client.PostAsync("/llm/openai/chat/completions", Json("""{"model":"m"}"""), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldBe(body.Replace(Key, "***"));
        await host.Log.Wait("Model call of");
        host.Access.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task A_key_the_provider_refuses_is_named_by_its_setting_only()
    {
        await using var upstream = await StubServer.Start(context =>
        {
            context.Response.StatusCode = 401;
            return context.Response.WriteAsync("""{"error":{"message":"Incorrect API key provided: sk-ver*****ret."}}""");
        });
        await using var host = await GatewayHost.Start(ModelSettings.For(upstream.Url, Key, Key));
        using var client = host.Client();

        using var response = await client.PostAsync("/llm/openai/chat/completions", Json("""{"model":"m"}"""), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        text.ShouldContain("Models:Providers:openai:ApiKey");
        text.ShouldNotContain("sk-ver");
    }

    [Theory]
    [InlineData("/llm/openai/chat/completions", "error.code", "upstream_unreachable")]
    [InlineData("/llm/anthropic/v1/messages", "error.type", "api_error")]
    public async Task An_upstream_that_is_not_there_is_a_502_with_a_cause(string path, string field, string value)
    {
        Uri gone;
        await using (var upstream = await StubServer.Start(_ => Task.CompletedTask)) gone = upstream.Url;
        await using var host = await GatewayHost.Start(ModelSettings.For(gone, Key, Key));
        using var client = host.Client();

        using var response = await client.PostAsync(path, Json("""{"model":"m"}"""), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        Field(body, field).ShouldBe(value);
        Field(body, "error.message").ShouldContain("refused the connection; check the address");
        body.ShouldNotContain(Key);
    }

    [Fact]
    public async Task The_log_says_what_left_but_no_secret_and_no_prompt()
    {
        await using var upstream = await StubServer.Start(context => context.Response.WriteAsync("""{"usage":{"prompt_tokens":9,"completion_tokens":3}}"""));
        await using var host = await GatewayHost.Start(ModelSettings.For(upstream.Url, Key, Key));
        using var client = host.Client();

        using var response = await client.PostAsync("/llm/openai/chat/completions", Json("""{"model":"gpt\n5","messages":["the words of the prompt"]}"""), Cancellation);
        var line = await host.Log.Wait("Model call of");

        line.ShouldStartWith("Information Model call of ses_0123456789: openai gpt?5 chat/completions → 200,");
        line.ShouldContain("9 + 3 tokens");
        host.Log.Lines.ShouldAllBe(text => !text.Contains(Key) && !text.Contains(GatewayHost.Token) && !text.Contains("the words of the prompt"));
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static string Field(string json, string path) =>
        path.Split('.').Aggregate(JsonNode.Parse(json)!, (node, name) => node[name]!).GetValue<string>();
}
