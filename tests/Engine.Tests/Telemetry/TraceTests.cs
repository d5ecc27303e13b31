using System.Diagnostics;
using System.Text.Json.Nodes;
using Bots.Engine.Intake;
using Bots.Engine.Telemetry;
using Bots.Engine.Tests.World;
using Dapper;

namespace Bots.Engine.Tests.Telemetry;

public sealed class TraceTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();
    private readonly SpanRecorder _spans = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _spans.Dispose();
    }

    [Fact]
    public async Task A_request_is_one_trace_from_its_delivery_to_its_final_message()
    {
        await _spans.Within(() => _world.Ask("test it"));
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        agent.Ask("npm test");
        await _world.Surface.Shows("permission:", "npm test: open");
        _world.Clock.Advance(TimeSpan.FromSeconds(20));
        await _world.Answer(PermissionDecision.AllowOnce);
        await agent.Answered();
        agent.Update(new JsonObject { ["sessionUpdate"] = "tool_call_update", ["toolCallId"] = "call-1", ["status"] = "completed" });
        agent.End(prompt);
        await Finished();

        _spans.One("inbox").ParentSpanId.ShouldBe(_spans.Root);
        _spans.One("intake").ParentSpanId.ShouldBe(_spans.One("inbox").SpanId);
        _spans.One("queue").ParentSpanId.ShouldBe(_spans.One("intake").SpanId);
        var turn = _spans.One("turn");
        turn.ParentSpanId.ShouldBe(_spans.One("intake").SpanId);
        foreach (var step in new[] { "sandbox", "workspace", "agent", "permission", "publish" }) _spans.One(step).ParentSpanId.ShouldBe(turn.SpanId);
        _spans.One("tool").ParentSpanId.ShouldBe(_spans.One("agent").SpanId);
        _spans.One("permission").Duration.ShouldBe(TimeSpan.FromSeconds(20));
        turn.GetTagItem(SpanTags.Session).ShouldBe(_world.Session()!.Value.Value);
        turn.GetTagItem(SpanTags.Outcome).ShouldBe("completed");
    }

    [Theory]
    [InlineData(Ending.Stop)]
    [InlineData(Ending.Crash)]
    public async Task A_turn_that_is_taken_up_after_a_restart_goes_on_in_the_same_trace(Ending ending)
    {
        await _spans.Within(() => _world.Ask("fix it"));
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        await _world.Surface.Shows("prompt:", "Running");
        await _spans.Until(() => Calls == _world.Surface.Calls.Count, "a span for each call so far");

        await _world.Restart(ending);
        agent.Say("Done.");
        agent.End(prompt);
        await Finished("Completed Done.");

        var turns = _spans.Named("turn");
        turns.Select(turn => turn.GetTagItem(SpanTags.Outcome)).ShouldBe(ending == Ending.Stop ? ["interrupted", "completed"] : ["completed"]);
        turns[^1].GetTagItem(SpanTags.Resumed).ShouldBe(true);
        turns[^1].ParentSpanId.ShouldBe(_spans.One("intake").SpanId);
        _spans.Named("inbox").Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_delivery_that_was_stored_before_a_crash_is_taken_in_in_its_trace()
    {
        await _world.CrashOnce(db => db.QuerySingle<long>("SELECT COUNT(*) FROM deliveries") == 1, () => _spans.Within(() =>
        {
            _ = _world.Ask("fix it");
            return _world.Life.Died;
        }));
        await _world.Start();
        var agent = await _world.Sandboxes.Started();
        agent.End(await agent.Prompted());

        await Finished();

        _spans.One("turn").ParentSpanId.ShouldBe(_spans.One("intake").SpanId);
    }

    [Fact]
    public async Task The_answer_to_a_request_that_starts_nothing_is_in_its_trace()
    {
        _world.Forge.Known.Clear();
        await _spans.Within(() => _world.Ask("fix it"));

        await _world.Surface.Shows("notice:", text => text.Contains("any repository", StringComparison.Ordinal));
        await _spans.Until(() => _spans.Named("post").Count == 1, "the span of the post");

        _spans.One("post").ParentSpanId.ShouldBe(_spans.One("intake").SpanId);
        _spans.Named("turn").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_fails_is_marked_with_the_kind_of_the_failure_and_nothing_of_its_text()
    {
        _world.Reader.Fails = _ => _world.Reader.Reads.Count == 1;
        await _spans.Within(() => _world.Ask("fix it"));
        await _world.Clock.Armed(TimeSpan.FromSeconds(1));
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        var agent = await _world.Sandboxes.Started();
        agent.End(await agent.Prompted());
        await Finished();

        _spans.Named("intake").Select(span => span.Status).ShouldBe([ActivityStatusCode.Error, ActivityStatusCode.Unset]);
        var failed = _spans.Named("intake")[0];
        failed.GetTagItem("error.type").ShouldBe(typeof(HttpRequestException).FullName);
        failed.StatusDescription.ShouldBeNull();
        failed.Events.ShouldBeEmpty();
    }

    /// <summary>Waits until the final message stands there; each call that brought it about is in the trace.</summary>
    private async Task Finished(string shown = "Completed")
    {
        await _world.Surface.Shows("prompt:", shown);
        await _spans.Until(() => _spans.Named("turn").Any(turn => turn.GetTagItem(SpanTags.Outcome) is "completed"), "the end of the turn");
        await _spans.Until(() => Calls == _world.Surface.Calls.Count, "a span for each call");
    }

    private int Calls => _spans.All.Count(span => span.OperationName is "post" or "edit" or "find");
}
