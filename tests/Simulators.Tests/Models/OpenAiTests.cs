using System.Text.Json;
using System.Text.Json.Nodes;
using Bots.Simulators.Models;

namespace Bots.Simulators.Tests.Models;

public sealed class OpenAiTests : IAsyncLifetime
{
    private const string Path = "/v1/chat/completions";
    private ModelSimulator _simulator = null!;
    private ModelClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await ModelSimulator.Start(new ModelSimulatorOptions
        {
            Scripts = [ModelScript.On("call", ModelStep.Say("Reading a file now 🙂.").AndCall("read", new JsonObject { ["filePath"] = "a/rather/long/path.txt" }).Using(new ModelUsage(100, 20, 40)))],
        });
        _client = new ModelClient(_simulator);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task A_stream_carries_text_calls_and_the_end()
    {
        var events = await _client.Stream(Path, ModelClient.Chat("call", stream: true));
        events[^1].ShouldBe("[DONE]");
        var deltas = events[..^1].Select(e => JsonDocument.Parse(e).RootElement.GetProperty("choices")[0]).ToList();
        string.Concat(deltas.Select(d => d.GetProperty("delta").TryGetProperty("content", out var c) ? c.GetString() : "")).ShouldBe("Reading a file now 🙂.");
        var calls = deltas.Where(d => d.GetProperty("delta").TryGetProperty("tool_calls", out _)).Select(d => d.GetProperty("delta").GetProperty("tool_calls")[0].GetProperty("function")).ToList();
        calls.Count.ShouldBeGreaterThan(2);
        string.Concat(calls.Select(f => f.GetProperty("arguments").GetString())).ShouldBe("""{"filePath":"a/rather/long/path.txt"}""");
        deltas[^1].GetProperty("finish_reason").GetString().ShouldBe("tool_calls");
    }

    [Fact]
    public async Task Usage_is_streamed_only_where_it_is_asked_for()
    {
        var body = ModelClient.Chat("call", stream: true);
        (await _client.Stream(Path, body.DeepClone())).ShouldAllBe(e => !e.Contains("usage"));

        body["stream_options"] = new JsonObject { ["include_usage"] = true };
        var events = await _client.Stream(Path, body);
        var last = JsonDocument.Parse(events[^2]).RootElement;
        last.GetProperty("choices").GetArrayLength().ShouldBe(0);
        last.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBe(140);
        last.GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32().ShouldBe(40);
        last.GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBe(160);
    }

    [Fact]
    public async Task A_wrong_key_is_refused_in_the_providers_shape()
    {
        using var stranger = new ModelClient(_simulator) { Key = "sk-wrong" };
        var response = await stranger.Post(Path, ModelClient.Chat("call"));
        response.Status.ShouldBe(401);
        response.Body.ShouldContain("\"code\":\"invalid_api_key\"");
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", 400, "model")]
    [InlineData("""{"model":"scripted","messages":[]}""", 400, "empty array")]
    [InlineData("""{"model":"other","messages":[{"role":"user","content":"x"}]}""", 404, "does not exist")]
    [InlineData("""{"model":"scripted","messages":[{"role":"robot","content":"x"}]}""", 400, "robot")]
    [InlineData("""{"model":"scripted","messages":[{"role":"user","content":"x"}],"stream_options":{"include_usage":true}}""", 400, "only allowed when 'stream'")]
    [InlineData("""{"model":"scripted","messages":[{"role":"user","content":"x"},{"role":"tool","tool_call_id":"c","content":"y"}]}""", 400, "must be a response")]
    [InlineData("""{"model":"scripted","messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"read","arguments":"{}"}}]},{"role":"user","content":"x"}]}""", 400, "did not have response messages: c")]
    [InlineData("""{"model":"scripted","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"not ok"}}]}""", 400, "does not match pattern")]
    public async Task What_the_original_refuses_is_refused(string body, int status, string words)
    {
        var response = await _client.Post(Path, JsonNode.Parse(body)!);
        response.Status.ShouldBe(status);
        var error = JsonDocument.Parse(response.Body).RootElement.GetProperty("error");
        error.GetProperty("message").GetString()!.ShouldContain(words);
        _simulator.Exchanges[^1].Refusal!.ShouldContain(words);
    }
}
