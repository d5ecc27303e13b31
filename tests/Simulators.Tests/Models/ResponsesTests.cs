using System.Text.Json;
using System.Text.Json.Nodes;
using Bots.Simulators.Models;

namespace Bots.Simulators.Tests.Models;

public sealed class ResponsesTests : IAsyncLifetime
{
    private const string Path = "/v1/responses";
    private const string Patch = "*** Begin Patch\n*** End Patch\n";
    private ModelSimulator _simulator = null!;
    private ModelClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await ModelSimulator.Start(new ModelSimulatorOptions
        {
            Scripts =
            [
                ModelScript.On("call",
                    ModelStep.Say("Reading a file now 🙂.").AndCall("read", new JsonObject { ["path"] = "a/rather/long/path.txt" }).AndCall("patch", JsonValue.Create(Patch)).Using(new ModelUsage(100, 20, 40, 5)),
                    ModelStep.Say(r => $"It says {r.Results[0].Text}, and {r.Results[1].Text}.")),
                ModelScript.On("overload", ModelStep.Fail(429, retryAfter: TimeSpan.FromSeconds(2))),
            ],
        });
        _client = new ModelClient(_simulator);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task A_stream_is_numbered_and_every_item_is_added_filled_and_done()
    {
        var events = (await _client.Stream(Path, Body("call", stream: true))).Select(e => JsonDocument.Parse(e).RootElement).ToList();

        events.Select(e => e.GetProperty("sequence_number").GetInt32()).ShouldBe(Enumerable.Range(0, events.Count));
        string[] kinds = [.. events.Select(e => e.GetProperty("type").GetString()!).Aggregate(new List<string>(), (seen, kind) => seen is [.., var last] && last == kind ? seen : [.. seen, kind])];
        kinds.ShouldBe([
            "response.created", "response.in_progress",
            "response.output_item.added", "response.content_part.added", "response.output_text.delta", "response.output_text.done", "response.content_part.done", "response.output_item.done",
            "response.output_item.added", "response.function_call_arguments.delta", "response.function_call_arguments.done", "response.output_item.done",
            "response.output_item.added", "response.custom_tool_call_input.delta", "response.custom_tool_call_input.done", "response.output_item.done",
            "response.completed",
        ]);
        string.Concat(events.Where(e => Type(e) == "response.output_text.delta").Select(e => e.GetProperty("delta").GetString())).ShouldBe("Reading a file now 🙂.");
        events.Where(e => Type(e) == "response.output_item.done").Select(e => e.GetProperty("output_index").GetInt32()).ShouldBe([0, 1, 2]);
        var output = events[^1].GetProperty("response").GetProperty("output");
        output[1].GetProperty("arguments").GetString().ShouldBe("""{"path":"a/rather/long/path.txt"}""");
        (output[2].GetProperty("type").GetString(), output[2].GetProperty("input").GetString()).ShouldBe(("custom_tool_call", Patch));
    }

    [Fact]
    public async Task Usage_comes_with_the_end_cache_and_reasoning_included()
    {
        var usage = JsonDocument.Parse((await _client.Stream(Path, Body("call", stream: true)))[^1]).RootElement.GetProperty("response").GetProperty("usage");

        usage.GetProperty("input_tokens").GetInt32().ShouldBe(140);
        usage.GetProperty("input_tokens_details").GetProperty("cached_tokens").GetInt32().ShouldBe(40);
        usage.GetProperty("output_tokens").GetInt32().ShouldBe(20);
        usage.GetProperty("output_tokens_details").GetProperty("reasoning_tokens").GetInt32().ShouldBe(5);
        usage.GetProperty("total_tokens").GetInt32().ShouldBe(160);
    }

    [Fact]
    public async Task What_the_model_said_at_once_is_one_answer_however_many_items_it_is()
    {
        var body = Body("call");
        var first = await _client.Ask(Path, body.DeepClone());
        var input = body["input"]!.AsArray();
        foreach (var item in first.GetProperty("output").EnumerateArray()) input.Add(JsonNode.Parse(item.GetRawText()));
        foreach (var (kind, output) in new[] { ("function_call", "hello"), ("custom_tool_call", "done") })
        {
            var id = first.GetProperty("output").EnumerateArray().Single(i => Type(i) == kind).GetProperty("call_id").GetString();
            input.Add(new JsonObject { ["type"] = $"{kind}_output", ["call_id"] = id, ["output"] = output });
        }

        var second = await _client.Ask(Path, body);

        second.GetProperty("status").GetString().ShouldBe("completed");
        second.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("It says hello, and done.");
    }

    [Fact]
    public async Task A_wrong_key_and_a_scripted_failure_have_the_providers_shape()
    {
        using var stranger = new ModelClient(_simulator) { Key = "sk-wrong" };
        var refused = await stranger.Post(Path, Body("call"));
        var limited = await _client.Post(Path, Body("overload"));

        (refused.Status, limited.Status, limited.RetryAfter).ShouldBe((401, 429, TimeSpan.FromSeconds(2)));
        refused.Body.ShouldContain("\"code\":\"invalid_api_key\"");
        limited.Body.ShouldContain("\"type\":\"rate_limit_exceeded\"");
    }

    [Theory]
    [InlineData("""{"input":"x"}""", "'model'")]
    [InlineData("""{"model":"scripted"}""", "'input'")]
    [InlineData("""{"model":"scripted","input":[]}""", "empty array")]
    [InlineData("""{"model":"scripted","input":7}""", "expected one of a string or array")]
    [InlineData("""{"model":"scripted","input":"x","messages":[]}""", "Unknown parameter: 'messages'")]
    [InlineData("""{"model":"scripted","input":"x","max_output_tokens":5}""", "below minimum")]
    [InlineData("""{"model":"scripted","input":"x","previous_response_id":"resp_1"}""", "not found")]
    [InlineData("""{"model":"scripted","input":[{"type":"message","role":"tool","content":"x"}]}""", "'tool'")]
    [InlineData("""{"model":"scripted","input":[{"type":"message","role":"user"}]}""", "input[0].content")]
    [InlineData("""{"model":"scripted","input":[{"role":"user","content":[{"type":"text","text":"x"}]}]}""", "'input_text'")]
    [InlineData("""{"model":"scripted","input":[{"role":"assistant","content":[{"type":"input_text","text":"x"}]}]}""", "'output_text'")]
    [InlineData("""{"model":"scripted","input":[{"type":"teleport"}]}""", "'teleport'")]
    [InlineData("""{"model":"scripted","input":[{"type":"function_call_output","call_id":"c","output":"x"}]}""", "No tool call found for function call output with call_id c")]
    [InlineData("""{"model":"scripted","input":[{"type":"function_call","call_id":"c","name":"read","arguments":"{}"},{"type":"custom_tool_call_output","call_id":"c","output":"x"}]}""", "No tool call found for custom tool call output")]
    [InlineData("""{"model":"scripted","input":[{"type":"function_call","call_id":"c","name":"read","arguments":"{}"},{"role":"user","content":"x"}]}""", "No tool output found for function call c")]
    [InlineData("""{"model":"scripted","input":[{"type":"function_call","call_id":"c","name":"read"}]}""", "arguments")]
    [InlineData("""{"model":"scripted","input":[{"type":"reasoning","id":"rs_1"}]}""", "summary")]
    [InlineData("""{"model":"scripted","input":"x","tools":[{"type":"function","function":{"name":"read"}}]}""", "'tools[0].name'")]
    [InlineData("""{"model":"scripted","input":"x","tools":[{"type":"function","name":"not ok"}]}""", "does not match pattern")]
    [InlineData("""{"model":"scripted","input":"x","tools":[{"type":"function","name":"f","parameters":{"type":"string"}}]}""", "Invalid schema")]
    [InlineData("""{"model":"scripted","input":"x","tools":[{"type":"custom","name":"f","format":{"type":"grammar"}}]}""", "'syntax'")]
    [InlineData("""{"model":"scripted","input":"x","tools":[{"type":"magic","name":"f"}]}""", "'magic'")]
    public async Task What_the_original_refuses_is_refused(string body, string words)
    {
        var response = await _client.Post(Path, JsonNode.Parse(body)!);

        response.Status.ShouldBe(400);
        JsonDocument.Parse(response.Body).RootElement.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(words);
    }

    [Fact]
    public async Task A_model_it_does_not_have_is_not_found() =>
        (await _client.Post(Path, JsonNode.Parse("""{"model":"other","input":"x"}""")!)).Status.ShouldBe(404);

    private static string? Type(JsonElement item) => item.GetProperty("type").GetString();

    private static JsonObject Body(string prompt, bool stream = false) => new()
    {
        ["model"] = "scripted",
        ["stream"] = stream,
        ["store"] = false,
        ["input"] = new JsonArray(new JsonObject { ["type"] = "message", ["role"] = "user", ["content"] = new JsonArray(new JsonObject { ["type"] = "input_text", ["text"] = prompt }) }),
        ["tools"] = new JsonArray(
            new JsonObject { ["type"] = "function", ["name"] = "read", ["parameters"] = new JsonObject { ["type"] = "object" } },
            new JsonObject { ["type"] = "custom", ["name"] = "patch", ["format"] = new JsonObject { ["type"] = "grammar", ["syntax"] = "lark", ["definition"] = "start: /.+/" } }),
    };
}
