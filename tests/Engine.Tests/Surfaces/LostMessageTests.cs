using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Surfaces;
using Bots.Engine.Tests.World;
using Dapper;

namespace Bots.Engine.Tests.Surfaces;

/// <summary>People delete messages, and surfaces close them. Nothing is brought back, and nobody is left without an answer.</summary>
public sealed class LostMessageTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(SurfaceOutcome.Gone, "deleted")]
    [InlineData(SurfaceOutcome.Fixed, "cannot be changed")]
    public async Task Where_the_live_message_is_lost_no_progress_is_shown_and_the_answer_is_posted_once(SurfaceOutcome outcome, string why)
    {
        var (agent, prompt) = await Lost(outcome);
        agent.Say(" And more.");
        agent.Plan();
        await _world.Until(() => _world.View().Prompts[0].Answer == "One. And more.");
        await Settled();
        _world.Surface.Messages.Select(m => m.Content).ShouldBe(["Running", "settled 1"]);

        agent.End(prompt);
        await _world.Surface.Shows("prompt:", "Completed One. And more.");

        await _world.Restart(Ending.Crash);
        await Settled();
        _world.Surface.Messages.Select(m => m.Content).ShouldBe(["Running", "settled 1", "Completed One. And more.", "settled 2"]);
        _world.View().Prompts[0].Notes.ShouldHaveSingleItem().ShouldContain(why);
        _world.Events().OfType<SessionEvent.Noted>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_live_message_that_turns_out_to_be_deleted_only_in_the_end_is_followed_by_the_answer()
    {
        var (agent, prompt) = await Prompted();
        _world.Surface.Fail(SurfaceOutcome.Gone);
        agent.End(prompt);

        await _world.Surface.Shows("prompt:", "Completed");
        _world.Surface.Messages.Select(m => m.Content).ShouldBe(["Running", "Completed"]);
    }

    [Fact]
    public async Task An_answer_in_place_of_a_lost_message_is_looked_up_when_its_post_was_never_answered()
    {
        var (agent, prompt) = await Lost(SurfaceOutcome.Gone);
        _world.Surface.Fail(SurfaceOutcome.Unknown, done: true);
        agent.End(prompt);
        await _world.Clock.Armed(TimeSpan.FromSeconds(1));
        _world.Clock.Advance(TimeSpan.FromSeconds(1));

        await _world.Until(() => _world.Surface.Count("find", "prompt:") == 1);
        await Settled();
        _world.Surface.Messages.Select(m => m.Content).ShouldBe(["Running", "Completed One.", "settled 1"]);
    }

    [Fact]
    public async Task An_answer_that_people_deleted_is_not_brought_back()
    {
        var (agent, prompt) = await Prompted();
        agent.End(prompt);
        await _world.Surface.Shows("prompt:", "Completed");
        _world.Surface.Fail(SurfaceOutcome.Gone);
        await _world.Log.Append(_world.Session()!.Value, new SessionEvent.AgentText(_world.View().Prompts[0].Id, "A late word."));
        await _world.Until(() => _world.Store.Read(db => db.QuerySingle<long>("SELECT COUNT(*) FROM surface_messages WHERE state = 'Gone'")) == 1);

        await _world.Restart(Ending.Crash);
        await _world.Log.Append(_world.Session()!.Value, new SessionEvent.AgentText(_world.View().Prompts[0].Id, "Another one."));
        await Settled();

        _world.Surface.Messages.Select(m => m.Content).ShouldBe(["Completed", "settled 1"]);
        _world.Events().OfType<SessionEvent.Noted>().ShouldBeEmpty();
    }

    private async Task<(ScriptedAgent Agent, AgentPrompt Prompt)> Prompted()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        await _world.Surface.Shows("prompt:", "Running");
        return (agent, prompt);
    }

    private async Task<(ScriptedAgent Agent, AgentPrompt Prompt)> Lost(SurfaceOutcome outcome)
    {
        var (agent, prompt) = await Prompted();
        _world.Surface.Fail(outcome);
        agent.Say("One.");
        agent.Plan();
        await _world.Logged<SessionEvent.Noted>();
        return (agent, prompt);
    }

    /// <summary>A notice comes after all that was to be shown before it.</summary>
    private async Task Settled()
    {
        var text = $"settled {_world.Surface.Messages.Count(m => m.Key.StartsWith("notice:", StringComparison.Ordinal)) + 1}";
        await _world.Receive(new Inbound.Reply(EngineWorld.Key("c1"), text, null));
        await _world.Surface.Shows("notice:", text);
    }
}
