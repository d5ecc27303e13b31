using Bots.Engine.Intake;
using Bots.Engine.Surfaces;
using Bots.Engine.Tests.World;

namespace Bots.Engine.Tests.Surfaces;

/// <summary>Every message stands there once, whatever the surface answers.</summary>
public sealed class ReconcilerTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_post_that_was_never_answered_is_looked_up_and_not_doubled()
    {
        _world.Surface.Fail(SurfaceOutcome.Unknown, done: true);
        var (agent, prompt) = await Prompted();
        await After(TimeSpan.FromSeconds(1));
        agent.End(prompt);

        await _world.Surface.Shows("prompt:", "Completed");
        _world.Surface.Messages.Count.ShouldBe(1);
        (_world.Surface.Count("post", "prompt:"), _world.Surface.Count("find", "prompt:")).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_post_that_was_never_answered_and_is_not_there_is_posted()
    {
        _world.Surface.Fail(SurfaceOutcome.Unknown);
        await Prompted();
        await After(TimeSpan.FromSeconds(1));

        await _world.Surface.Shows("prompt:", "Running");
        _world.Surface.Messages.Count.ShouldBe(1);
        (_world.Surface.Count("post", "prompt:"), _world.Surface.Count("find", "prompt:")).ShouldBe((2, 1));
    }

    [Fact]
    public async Task A_surface_that_asks_for_patience_gets_it_and_the_message_is_posted_once()
    {
        _world.Surface.Fail(SurfaceOutcome.Retry, TimeSpan.FromSeconds(30));
        var (agent, prompt) = await Prompted();
        agent.Say("Done.");
        agent.End(prompt);
        await _world.Until(() => _world.View().Prompts[0].IsOver);
        await _world.Clock.Armed(TimeSpan.FromSeconds(30));
        _world.Clock.Advance(TimeSpan.FromSeconds(29));
        await _world.Clock.Armed(TimeSpan.FromSeconds(1));
        _world.Surface.Calls.Count.ShouldBe(1);

        _world.Clock.Advance(TimeSpan.FromSeconds(1));

        await _world.Surface.Shows("prompt:", "Completed Done.");
        _world.Surface.Count("post", "prompt:").ShouldBe(2);
        _world.Surface.Count("find", "prompt:").ShouldBe(0, "it certainly was not posted");
        _world.Surface.Messages.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_surface_that_keeps_failing_is_tried_with_growing_pauses()
    {
        foreach (var _ in Enumerable.Range(0, 8)) _world.Surface.Fail(SurfaceOutcome.Retry);
        await _world.Receive(new Inbound.Reply(EngineWorld.Key("c1"), "hello", null));

        foreach (var seconds in (int[])[1, 2, 4, 8, 16, 32, 60, 60]) await After(TimeSpan.FromSeconds(seconds));

        await _world.Surface.Shows("notice:", "hello");
        _world.Surface.Calls.Count.ShouldBe(9);
    }

    [Fact]
    public async Task Content_that_is_rejected_is_not_sent_again_until_it_changes()
    {
        _world.Forge.Known.Add(new() { Name = RepositoryName.Parse("acme/website") });
        _world.Surface.Fail(SurfaceOutcome.Rejected);
        await _world.Ask("fix it");
        await _world.Surface.Shows("prompt:", "Queued");
        await _world.Receive(new Inbound.Reply(EngineWorld.Key("c1"), "hello", null));
        await _world.Surface.Shows("notice:", "hello");
        _world.Surface.Count("post", "choose").ShouldBe(1);

        await _world.Receive(new Inbound.RepositoryChoice(EngineWorld.Key("c1"), _world.Session()!.Value, RepositoryName.Parse("acme/website"), EngineWorld.Ben));

        await _world.Surface.Shows("choose", "chosen acme/website");
        _world.Surface.Count("post", "choose").ShouldBe(2);
    }

    [Fact]
    public async Task An_edit_that_is_rejected_is_tried_again_with_other_content()
    {
        var (agent, prompt) = await Prompted();
        await _world.Surface.Shows("prompt:", "Running");
        _world.Surface.Fail(SurfaceOutcome.Rejected);
        agent.Say("too long");
        agent.Plan();
        await _world.Until(() => _world.Surface.Calls[^1].Content == "Running too long");
        agent.End(prompt);

        await _world.Surface.Shows("prompt:", "Completed too long");
        _world.Surface.Messages.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_surface_that_does_not_answer_slows_no_agent()
    {
        var answer = new TaskCompletionSource();
        _world.Surface.Answering = _ => answer.Task;
        var (agent, prompt) = await Prompted();
        agent.Say("Done.");
        agent.End(prompt);
        await _world.Until(() => _world.View().Prompts[0].IsOver);
        _world.Surface.Calls.Count.ShouldBe(1);

        answer.SetResult();

        await _world.Surface.Shows("prompt:", "Completed Done.");
        _world.Surface.Calls.Count.ShouldBe(2, "many events become one edit");
    }

    [Theory]
    [InlineData(Ending.Stop)]
    [InlineData(Ending.Crash)]
    public async Task A_post_whose_answer_is_cut_off_by_the_end_of_the_service_is_looked_up_afterwards(Ending ending)
    {
        _world.Surface.Answering = _ => Fence.Never<bool>();
        var (agent, prompt) = await Prompted();
        await _world.Until(() => _world.Surface.Messages.Count == 1);
        await _world.End(ending);
        _world.Surface.Answering = _ => Task.CompletedTask;

        await _world.Start();
        agent.End(prompt);

        await _world.Surface.Shows("prompt:", "Completed");
        _world.Surface.Messages.Count.ShouldBe(1);
        (_world.Surface.Count("post", "prompt:"), _world.Surface.Count("find", "prompt:")).ShouldBe((1, 1));
    }

    [Theory]
    [InlineData(SurfaceOutcome.Retry, false, 0)]
    [InlineData(SurfaceOutcome.Unknown, true, 1)]
    public async Task A_notice_stands_there_once_whatever_happened_to_it(SurfaceOutcome outcome, bool done, int lookedUp)
    {
        _world.Surface.Fail(outcome, done: done);
        await _world.Receive(new Inbound.Reply(EngineWorld.Key("c1"), "hello", null));
        await After(TimeSpan.FromSeconds(1));

        await _world.Receive(new Inbound.Reply(EngineWorld.Key("c1"), "the last one", null));
        await _world.Surface.Shows("notice:", "the last one");

        _world.Surface.Messages.Select(m => m.Content).ShouldBe(["hello", "the last one"]);
        _world.Surface.Count("find", "notice:").ShouldBe(lookedUp);
    }

    [Fact]
    public async Task What_happened_while_the_surface_was_away_is_shown_after_a_restart()
    {
        _world.Surface.Fail(SurfaceOutcome.Retry, TimeSpan.FromHours(1));
        var (agent, prompt) = await Prompted();
        agent.Say("Done.");
        agent.End(prompt);
        await _world.Until(() => _world.View().Prompts[0].IsOver && _world.Surface.Calls.Count == 1);

        await _world.Restart(Ending.Crash);

        await _world.Surface.Shows("prompt:", "Completed Done.");
    }

    private async Task<(ScriptedAgent Agent, AgentPrompt Prompt)> Prompted()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        return (agent, await agent.Prompted());
    }

    private async Task After(TimeSpan pause)
    {
        await _world.Clock.Armed(pause);
        _world.Clock.Advance(pause);
    }
}
