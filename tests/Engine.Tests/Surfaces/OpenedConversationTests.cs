using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Surfaces;
using Bots.Engine.Tests.World;

namespace Bots.Engine.Tests.Surfaces;

/// <summary>A conversation that does not exist until its first message is posted, as a schedule's in a Slack channel.</summary>
public sealed class OpenedConversationTests : IAsyncLifetime
{
    private const string Real = "C1/1";
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData(Ending.Stop)]
    [InlineData(Ending.Crash)]
    public async Task A_reply_in_the_real_conversation_reaches_the_session_and_is_answered_there(Ending? restart)
    {
        var (agent, prompt) = await Opened();
        agent.End(prompt);
        await _world.Surface.Shows("prompt:", "Completed");
        if (restart is { } ending) await _world.Restart(ending);

        await _world.Receive(EngineWorld.Request("and the docs", Real) with { MayStart = false });
        await _world.Until(() => _world.View("C1/new").Prompts.Count == 2);

        await _world.Surface.Shows("prompt:", "Running");
        _world.Surface.Messages.Select(m => m.Conversation.Key).ShouldBe(["C1/new", Real]);
        _world.Session(Real).ShouldBe(_world.Session("C1/new"));
        _world.View("C1/new").Conversations.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_permission_is_asked_and_answered_in_the_real_conversation()
    {
        var (agent, _) = await Opened();
        agent.Ask("npm test");
        (await _world.Surface.Shows("permission:", "npm test: open")).Conversation.Key.ShouldBe(Real);

        await _world.Answer(PermissionDecision.AllowOnce, conversation: Real);

        await agent.Answered();
        await _world.Surface.Shows("permission:", "npm test: AllowOnce Ben");
    }

    [Fact]
    public async Task A_stop_in_the_real_conversation_stops_the_turn()
    {
        await Opened();

        await _world.Stop(Real);

        await _world.Surface.Shows("prompt:", "Cancelled");
    }

    [Fact]
    public async Task A_notice_in_the_real_conversation_doubles_nothing()
    {
        _world.Forge.Known.Add(new() { Name = RepositoryName.Parse("acme/website") });
        await _world.Receive(EngineWorld.Request("fix it", "C1/new"));
        await _world.Surface.Shows("prompt:", "Queued");

        await _world.Stop(Real);
        await _world.Surface.Shows("notice:", "Nothing is running here.");
        await _world.Receive(new Inbound.Reply(EngineWorld.Key(Real), "the last one", null));
        await _world.Surface.Shows("notice:", "the last one");

        _world.Surface.Messages.Select(m => m.Key.Split(':')[0]).ShouldBe(["choose", "prompt", "notice", "notice"]);
        _world.Surface.Messages.Skip(1).ShouldAllBe(m => m.Conversation.Key == Real);
    }

    [Fact]
    public async Task A_first_message_that_was_never_answered_opens_one_conversation()
    {
        _world.Surface.Fail(SurfaceOutcome.Unknown, done: true);
        await _world.Receive(EngineWorld.Request("fix it", "C1/new"));
        await _world.Clock.Armed(TimeSpan.FromSeconds(1));
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await _world.Until(() => _world.Session(Real) is not null);

        await _world.Surface.Shows("prompt:", "Running");
        _world.Surface.Messages.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_crash_before_the_first_message_is_recorded_opens_one_conversation()
    {
        _world.Surface.Answering = _ => Fence.Never<bool>();
        await _world.Receive(EngineWorld.Request("fix it", "C1/new"));
        await _world.Until(() => _world.Surface.Messages.Count == 1);
        _world.Crash();
        _world.Surface.Answering = _ => Task.CompletedTask;

        await _world.Start();

        await _world.Until(() => _world.Session(Real) is not null);
        await _world.Surface.Shows("prompt:", "Running");
        _world.Surface.Messages.Count.ShouldBe(1);
    }

    private async Task<(ScriptedAgent Agent, AgentPrompt Prompt)> Opened()
    {
        await _world.Receive(EngineWorld.Request("fix it", "C1/new"));
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        await _world.Until(() => _world.Session(Real) is not null);
        return (agent, prompt);
    }
}
