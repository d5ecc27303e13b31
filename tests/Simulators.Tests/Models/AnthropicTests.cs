using System.Text.Json;
using System.Text.Json.Nodes;
using Bots.Simulators.Models;

namespace Bots.Simulators.Tests.Models;

public sealed class AnthropicTests : IAsyncLifetime
{
    private const string Path = "/v1/messages";
    private ModelSimulator _simulator = null!;
    private ModelClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await ModelSimulator.Start(new ModelSimulatorOptions
        {
            Scripts = [ModelScript.On("call", ModelStep.Say("Reading.").AndCall("read", new JsonObject { ["filePath"] = "a.txt" }).Using(new ModelUsage(100, 20, 40)), ModelStep.Say("Read."))],
        });
        _client = new ModelClient(_simulator);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task A_stream_has_the_events_in_order()
    {
        var events = (await _client.Stream(Path, ModelClient.Claude("call", stream: true))).ConvertAll(e => JsonDocument.Parse(e).RootElement);
        events.Select(e => e.GetProperty("type").GetString()).Distinct().ShouldBe(
            ["message_start", "ping", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop"]);
        var json = string.Concat(events.Where(e => e.GetProperty("type").GetString() == "content_block_delta")
            .Select(e => e.GetProperty("delta").TryGetProperty("partial_json", out var p) ? p.GetString() : ""));
        json.ShouldBe("""{"filePath":"a.txt"}""");
        var end = events[^2];
        end.GetProperty("delta").GetProperty("stop_reason").GetString().ShouldBe("tool_use");
        end.GetProperty("usage").GetProperty("output_tokens").GetInt32().ShouldBe(20);
        end.GetProperty("usage").GetProperty("cache_read_input_tokens").GetInt32().ShouldBe(40);
    }

    [Fact]
    public async Task A_tool_result_is_not_a_prompt()
    {
        var body = ModelClient.Claude("call");
        var first = await _client.Ask(Path, body.DeepClone());
        var content = JsonNode.Parse(first.GetProperty("content").GetRawText())!;
        body["messages"]!.AsArray().Add(new JsonObject { ["role"] = "assistant", ["content"] = content });
        body["messages"]!.AsArray().Add(JsonNode.Parse($$"""{"role":"user","content":[{"type":"tool_result","tool_use_id":"{{content[1]!["id"]}}","content":"file"}]}"""));
        var second = await _client.Ask(Path, body);
        second.GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("Read.");
        second.GetProperty("stop_reason").GetString().ShouldBe("end_turn");
    }

    [Fact]
    public async Task Tokens_are_counted_without_a_limit()
    {
        var body = ModelClient.Claude("call");
        body.Remove("max_tokens");
        (await _client.Ask("/v1/messages/count_tokens", body)).GetProperty("input_tokens").GetInt32().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("""{"model":"scripted","messages":[{"role":"user","content":"x"}]}""", "max_tokens: Field required")]
    [InlineData("""{"model":"scripted","max_tokens":0,"messages":[{"role":"user","content":"x"}]}""", "greater than or equal to 1")]
    [InlineData("""{"model":"scripted","max_tokens":9,"messages":[{"role":"assistant","content":"x"}]}""", "first message must use")]
    [InlineData("""{"model":"scripted","max_tokens":9,"messages":[{"role":"system","content":"x"}]}""", "Unexpected role")]
    [InlineData("""{"model":"scripted","max_tokens":9,"messages":[{"role":"user","content":""}]}""", "non-empty content")]
    [InlineData("""{"model":"scripted","max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"read","input":{}}]},{"role":"user","content":"y"}]}""", "without `tool_result` blocks")]
    [InlineData("""{"model":"scripted","max_tokens":9,"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t"}]}]}""", "unexpected `tool_use_id`")]
    [InlineData("""{"model":"scripted","max_tokens":2000,"thinking":{"type":"hard"},"messages":[{"role":"user","content":"x"}]}""", "'adaptive', 'disabled', 'enabled'")]
    [InlineData("""{"model":"scripted","max_tokens":2000,"thinking":{"type":"enabled"},"messages":[{"role":"user","content":"x"}]}""", "budget_tokens: Field required")]
    [InlineData("""{"model":"scripted","max_tokens":2000,"thinking":{"type":"enabled","budget_tokens":100},"messages":[{"role":"user","content":"x"}]}""", "greater than or equal to 1024")]
    [InlineData("""{"model":"scripted","max_tokens":2000,"thinking":{"type":"enabled","budget_tokens":2000},"messages":[{"role":"user","content":"x"}]}""", "must be greater than `thinking.budget_tokens`")]
    [InlineData("""{"model":"scripted","max_tokens":2000,"temperature":0.5,"thinking":{"type":"enabled","budget_tokens":1024},"messages":[{"role":"user","content":"x"}]}""", "may only be set to 1")]
    [InlineData("""{"model":"scripted","max_tokens":2000,"tool_choice":{"type":"any"},"thinking":{"type":"enabled","budget_tokens":1024},"messages":[{"role":"user","content":"x"}]}""", "forces tool use")]
    public async Task What_the_original_refuses_is_refused(string body, string words)
    {
        var response = await _client.Post(Path, JsonNode.Parse(body)!);
        response.Status.ShouldBe(400);
        var error = JsonDocument.Parse(response.Body).RootElement;
        error.GetProperty("type").GetString().ShouldBe("error");
        error.GetProperty("error").GetProperty("type").GetString().ShouldBe("invalid_request_error");
        error.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(words);
    }
}
