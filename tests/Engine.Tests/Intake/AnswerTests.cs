using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Tests.World;

namespace Bots.Engine.Tests.Intake;

/// <summary>Answers and stops that hit nothing are told so, once.</summary>
public sealed class AnswerTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task An_answer_where_no_session_is_may_be_for_another_bot_and_gets_none()
    {
        await _world.Receive(new Inbound.PermissionAnswer { Conversation = new("fake", "elsewhere"), By = EngineWorld.Ben, Decision = PermissionDecision.AllowOnce }, "d1");

        (await _world.Taken("d1")).ShouldStartWith("no session here");
        _world.Surface.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_answer_where_nothing_is_asked_is_told()
    {
        await _world.Ask("fix it");
        await (await _world.Sandboxes.Started()).Prompted();

        await _world.Answer(PermissionDecision.AllowOnce);

        (await Told()).ShouldStartWith("There isn't exactly one open permission request here.");
    }

    [Fact]
    public async Task An_answer_without_an_id_decides_nothing_when_two_are_open()
    {
        var agent = await Asked();
        agent.Ask("npm ci", "call-2");
        await _world.Surface.Shows("permission:", "npm ci: open");

        await _world.Answer(PermissionDecision.AllowOnce);

        (await Told()).ShouldStartWith("There isn't exactly one open permission request here.");
        _world.Events().OfType<SessionEvent.PermissionDecided>().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_answer_to_a_request_nobody_knows_is_told()
    {
        var unknown = PermissionId.New();
        await _world.Answer(PermissionDecision.AllowOnce, permission: unknown);

        (await Told()).ShouldBe($"I know no permission request {unknown}.");
    }

    [Fact]
    public async Task An_answer_from_another_conversation_decides_nothing()
    {
        await Asked();
        var permission = _world.View().Prompts[0].Permissions[0].Id;

        await _world.Answer(PermissionDecision.AllowOnce, permission: permission, conversation: "elsewhere");

        (await Told()).ShouldBe("That permission request belongs to another conversation.");
        _world.View().Prompts[0].Permissions[0].Outcome.ShouldBeNull();
    }

    [Fact]
    public async Task Two_who_answer_at_the_same_time_decide_once()
    {
        var agent = await Asked();
        var permission = _world.View().Prompts[0].Permissions[0].Id;

        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() =>
            _world.Answer(i % 2 == 0 ? PermissionDecision.AllowOnce : PermissionDecision.Deny, permission: permission, by: new Person("fake", $"p{i}", $"P{i}")))));
        await _world.Until(() => _world.Surface.Messages.Count(m => m.Key.StartsWith("notice:", StringComparison.Ordinal)) == 5);
        await agent.Answered();

        agent.Answers.ShouldBe(1);
        _world.Events().OfType<SessionEvent.PermissionDecided>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_stop_where_nothing_runs_is_told()
    {
        await _world.Stop("c1");

        (await Told()).ShouldBe("Nothing is running here.");
    }

    [Fact]
    public async Task A_stop_of_another_conversations_prompt_is_not_taken()
    {
        await Asked();
        await _world.Receive(new Inbound.StopRequest(EngineWorld.Key("elsewhere"), _world.View().Prompts[0].Id, EngineWorld.Ben));

        (await Told()).ShouldBe("Nothing is running here.");
        _world.View().Prompts[0].StoppedBy.ShouldBeNull();
    }

    [Fact]
    public async Task A_prompt_that_waits_can_be_taken_out_of_the_queue()
    {
        var agent = await Asked();
        await _world.Receive(EngineWorld.Request("two"), "two");
        await _world.Taken("two");
        await _world.Receive(new Inbound.StopRequest(EngineWorld.Key("c1"), _world.View().Prompts[1].Id, EngineWorld.Ben));

        await _world.Surface.Shows("prompt:", "Cancelled Stopped before it began.");
        _world.View().Prompts[0].State.ShouldBe(PromptState.Running);
        agent.Count("session/cancel").ShouldBe(0);
    }

    [Fact]
    public async Task A_second_stop_changes_nothing()
    {
        await Asked();
        await _world.Stop("c1");
        await _world.Surface.Shows("prompt:", "Cancelled");
        await _world.Receive(new Inbound.StopRequest(EngineWorld.Key("c1"), _world.View().Prompts[0].Id, EngineWorld.Ana), "again");

        (await _world.Taken("again")).ShouldBe("already over or stopping");
        _world.Events().OfType<SessionEvent.StopAsked>().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData(Ending.Stop)]
    [InlineData(Ending.Crash)]
    public async Task A_plain_reply_is_said_once_over_restarts(Ending ending)
    {
        await _world.Receive(new Inbound.Reply(EngineWorld.Key("c1"), "You may not do that.", EngineWorld.Ana));
        (await Told()).ShouldBe("You may not do that.");

        await _world.Restart(ending);
        await _world.Receive(new Inbound.Reply(EngineWorld.Key("c1"), "Nor that.", null));

        await _world.Surface.Shows("notice:", "Nor that.");
        _world.Surface.Messages.Count.ShouldBe(2);
    }

    private async Task<ScriptedAgent> Asked()
    {
        await _world.Ask("test it");
        var agent = await _world.Sandboxes.Started();
        await agent.Prompted();
        agent.Ask("npm test");
        await _world.Surface.Shows("permission:", "npm test: open");
        return agent;
    }

    private async Task<string> Told() => (await _world.Surface.Shows("notice:", _ => true)).Content;
}
