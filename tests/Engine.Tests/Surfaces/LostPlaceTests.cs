using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Surfaces;
using Bots.Engine.Tests.World;
using Dapper;

namespace Bots.Engine.Tests.Surfaces;

/// <summary>A thread is deleted, a channel archived, the bot removed: nothing is sent there any more, and the session says so.</summary>
public sealed class LostPlaceTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_place_that_is_gone_is_left_alone_noted_in_the_session_and_harms_nothing_else()
    {
        _world.Surface.Fail(SurfaceOutcome.PlaceGone);
        var (agent, prompt) = await Prompted();
        await _world.Logged<SessionEvent.ConversationLost>();
        agent.Say("Done.");
        agent.End(prompt);
        await _world.Until(() => _world.View().Prompts[0].IsOver);
        await _world.Restart(Ending.Crash);
        await _world.Ask("elsewhere", "c2");

        await _world.Surface.Shows("prompt:", text => text.StartsWith("Running", StringComparison.Ordinal) || text.StartsWith("Queued", StringComparison.Ordinal));
        _world.Surface.Calls.Count(c => c.Conversation.Key == "c1").ShouldBe(1);
        _world.View().Lost.ShouldHaveSingleItem().Conversation.ShouldBe(EngineWorld.Key("c1"));
        _world.View().Prompts[0].Notes.ShouldHaveSingleItem().ShouldBe("The place where this was asked is gone: PlaceGone");
        _world.View().Prompts[0].State.ShouldBe(PromptState.Completed);
        _world.Events().OfType<SessionEvent.ConversationLost>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_asks_again_in_a_place_that_came_back_sees_what_was_missed_and_what_is_new()
    {
        var (agent, prompt) = await Prompted();
        await _world.Surface.Shows("prompt:", "Running");
        _world.Surface.Fail(SurfaceOutcome.PlaceGone);
        agent.Say("Done.");
        agent.End(prompt);
        await _world.Logged<SessionEvent.ConversationLost>();
        await _world.Until(() => _world.View().Prompts[0].IsOver);

        await _world.Ask("are you there?");

        await _world.Surface.Shows("prompt:", "Completed Done.");
        await _world.Surface.Shows("prompt:", "Running");
        _world.View().Lost.ShouldBeEmpty();
        _world.Surface.Messages.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_notice_for_a_place_that_is_gone_is_not_tried_for_ever()
    {
        _world.Surface.Fail(SurfaceOutcome.PlaceGone);
        await _world.Receive(new Inbound.Reply(EngineWorld.Key("c1"), "hello", null));
        await _world.Until(() => _world.Store.Read(db => db.QuerySingle<long>("SELECT COUNT(*) FROM notices WHERE done = 1")) == 1);

        await _world.Receive(new Inbound.Reply(EngineWorld.Key("c1"), "back again", null));

        await _world.Surface.Shows("notice:", "back again");
        _world.Surface.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_request_that_can_be_answered_nowhere_is_a_session_that_failed()
    {
        await _world.Receive(new Inbound.Unanswerable(EngineWorld.Request("report", "nightly/1"), "There is no channel #builds."), "d1");

        (await _world.Taken("d1")).ShouldBe("there is nowhere to answer: There is no channel #builds.");
        var failed = _world.View("nightly/1").Prompts.ShouldHaveSingleItem();
        (failed.State, failed.Text).ShouldBe((PromptState.Failed, "report"));
        failed.Cause!.ShouldContain("There is no channel #builds.");
        _world.View("nightly/1").Lost.ShouldHaveSingleItem().Why.ShouldBe("There is no channel #builds.");
        _world.Surface.Calls.ShouldBeEmpty();
    }

    private async Task<(ScriptedAgent Agent, AgentPrompt Prompt)> Prompted()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        return (agent, await agent.Prompted());
    }
}
