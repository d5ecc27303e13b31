using System.Text.Json;
using System.Text.Json.Nodes;
using Bots.Simulators.Models;

namespace Bots.Simulators.Tests.Models;

public sealed class ScriptTests : IAsyncLifetime
{
    private const string Path = "/v1/chat/completions";
    private ModelSimulator _simulator = null!;
    private ModelClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await ModelSimulator.Start(new ModelSimulatorOptions
        {
            Scripts =
            [
                ModelScript.On("read it", ModelStep.Say("I will.").AndCall("read", r => new JsonObject { ["filePath"] = r.Prompt }), ModelStep.Say(r => $"It says {r.Results[^1].Text}.")),
                ModelScript.On("wrong tool", ModelStep.Call("frobnicate", new JsonObject())),
                ModelScript.On("flaky", ModelStep.Fail(429, retryAfter: TimeSpan.FromSeconds(2), times: 1) with { Text = _ => "recovered" }),
                ModelScript.On("hang", ModelStep.Hang("so far")),
                ModelScript.On("gate", ModelStep.Say("through").After("door")),
                ModelScript.On("rubbish", ModelStep.Rubbish("data: {nonsense")),
                ModelScript.On("break", ModelStep.Break("half")),
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
    public async Task Answers_since_the_last_prompt_decide_the_step()
    {
        var body = ModelClient.Chat("read it");
        var first = await _client.Ask(Path, body);
        var call = first.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls")[0];
        call.GetProperty("function").GetProperty("arguments").GetString().ShouldBe("""{"filePath":"read it"}""");

        body["messages"]!.AsArray().Add(ModelClient.CallMessage("call_1"));
        body["messages"]!.AsArray().Add(ModelClient.ResultMessage("call_1", "hello"));
        (await Answer(body)).ShouldBe("It says hello.");
        (await Answer(body)).ShouldBe("It says hello.");

        body["messages"]!.AsArray().Add(ModelClient.Message("assistant", "It says hello."));
        (await Answer(body)).ShouldBe("Done.");
        body["messages"]!.AsArray().Add(ModelClient.Message("user", "<system-reminder>be brief</system-reminder>"));
        (await Answer(body)).ShouldBe("Done.");
        body["messages"]!.AsArray().Add(ModelClient.Message("user", "something else"));
        (await Answer(body)).ShouldBe("You asked: something else");
    }

    [Fact]
    public async Task A_title_request_gets_a_title_and_no_step()
    {
        var body = ModelClient.Chat("read it");
        body.Remove("tools");
        body["messages"]!.AsArray().Insert(0, ModelClient.Message("system", "You are a title generator. You output ONLY a thread title."));
        (await Answer(body)).ShouldBe("Work on: read it");
        _simulator.Requests.ShouldBeEmpty();
        _simulator.Exchanges.Single().Script.ShouldBe("title");
    }

    [Fact]
    public async Task A_tool_that_is_not_offered_is_a_problem_of_the_script()
    {
        var answer = await _client.Ask(Path, ModelClient.Chat("wrong tool"));
        answer.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("'frobnicate'");
        _simulator.Problems.Single().ShouldContain("Offered: read");
    }

    [Fact]
    public async Task A_step_fails_as_often_as_it_is_told_and_then_succeeds()
    {
        var first = await _client.Post(Path, ModelClient.Chat("flaky"));
        first.Status.ShouldBe(429);
        first.RetryAfter.ShouldBe(TimeSpan.FromSeconds(2));
        (await Answer(ModelClient.Chat("flaky"))).ShouldBe("recovered");
    }

    [Fact]
    public async Task A_hanging_step_ends_when_its_caller_gives_up()
    {
        using var patience = new CancellationTokenSource();
        using var response = await _client.Send(Path, ModelClient.Chat("hang", stream: true), patience.Token);
        var reading = response.Content.ReadAsStringAsync(patience.Token);
        await _simulator.WaitFor(e => e.Script == "hang", TimeSpan.FromSeconds(10));
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(reading);
        response.Dispose();
        (await _simulator.WaitFor(e => e.Cancelled, TimeSpan.FromSeconds(10))).Script.ShouldBe("hang");
    }

    [Fact]
    public async Task A_step_waits_at_its_gate()
    {
        var answer = Answer(ModelClient.Chat("gate"));
        await _simulator.Reached("door", TimeSpan.FromSeconds(10));
        answer.IsCompleted.ShouldBeFalse();
        _simulator.Release("door");
        (await answer).ShouldBe("through");
    }

    [Fact]
    public async Task Garbage_and_broken_answers_reach_the_caller_as_such()
    {
        (await _client.Stream(Path, ModelClient.Chat("rubbish", stream: true))).ShouldBe(["{nonsense"]);
        await Should.ThrowAsync<HttpRequestException>(_client.Stream(Path, ModelClient.Chat("break", stream: true)));
    }

    [Fact]
    public async Task The_calculator_tells_of_a_refusal()
    {
        _simulator.Add(Scripts.Calculator(new CalculatorFiles()));
        var body = ModelClient.Chat("fix the failing test", tools: "read,edit,bash,todowrite");
        var messages = body["messages"]!.AsArray();
        for (var i = 0; i < 4; i++)
        {
            messages.Add(ModelClient.CallMessage($"call_{i}"));
            messages.Add(ModelClient.ResultMessage($"call_{i}", i == 3 ? "The user rejected permission to use this specific tool call." : "ok"));
        }

        (await Answer(body)).ShouldStartWith("I wasn't allowed");
    }

    private async Task<string> Answer(JsonObject body)
    {
        var answer = await _client.Ask(Path, body.DeepClone());
        return answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
    }
}
