using Bots.Engine.Intake;
using Bots.Engine.Prompts;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Engine.Tests.World;
using Bots.Sandbox;

namespace Bots.Engine.Tests.Turns;

/// <summary>However a turn ends, it ends visibly and leaves nothing open.</summary>
public sealed class OverTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_permission_request_that_is_still_open_goes_with_its_turn()
    {
        var (agent, prompt) = await Asked();
        agent.End(prompt);

        await _world.Surface.Shows("permission:", "npm test: Deny the turn is over");
        await _world.Surface.Shows("prompt:", "Completed");
        await _world.Answer(PermissionDecision.AllowOnce, permission: _world.View().Prompts[0].Permissions[0].Id);
        await _world.Surface.Shows("notice:", text => text.StartsWith("Too late", StringComparison.Ordinal));
        agent.Answers.ShouldBe(0);
    }

    [Fact]
    public async Task It_goes_too_when_the_turn_fails()
    {
        var (agent, prompt) = await Asked();
        agent.Fail(prompt, "no more money");

        await _world.Surface.Shows("permission:", "npm test: Deny the turn is over");
        await _world.Surface.Shows("prompt:", "Failed The agent could not finish: no more money");
    }

    [Fact]
    public async Task It_goes_too_when_the_sandbox_is_lost_for_good()
    {
        var (agent, _) = await Asked();
        _world.Sandboxes.Failure = new SandboxException(SandboxFailure.Unavailable, "no more sandboxes");
        agent.Lose();

        await _world.Surface.Shows("permission:", text => text.StartsWith("npm test: Deny", StringComparison.Ordinal));
        await _world.Surface.Shows("prompt:", "Failed no more sandboxes");
    }

    [Fact]
    public async Task A_turn_whose_end_cannot_be_written_ends_as_soon_as_it_can()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        await _world.Surface.Shows("prompt:", "Running");
        _world.StoreFailing = () => new StoreException("The disk is full.", new IOException("full"));
        agent.End(prompt);
        await _world.Clock.Armed(TimeSpan.FromSeconds(5));
        _world.Clock.Advance(TimeSpan.FromSeconds(5));

        _world.StoreFailing = () => null;

        await _world.Pass(TimeSpan.FromSeconds(5), _world.Surface.Shows("prompt:", "Failed The disk is full."));
    }

    [Fact]
    public async Task A_prompt_that_waits_is_not_forgotten_when_the_store_fails_for_a_moment()
    {
        await _world.Ask("one");
        await _world.Ask("two");
        var agent = await _world.Sandboxes.Started();
        agent.End(await agent.Prompted());
        await _world.Until(() => _world.View().Prompts is [{ State: PromptState.Completed }, { State: PromptState.Running }]);
        var two = await agent.Prompted();
        await _world.Ask("three");
        await _world.Until(() => _world.View().Prompts.Count == 3);
        var scheduler = _world.Get<Engine.Turns.TurnScheduler>();
        _world.StoreFailing = () => scheduler.Failures == 0 && _world.View().Prompts is [_, { IsOver: true }, { State: PromptState.Queued }] ? new StoreException("busy", new IOException("busy")) : null;
        agent.End(two);

        var three = agent.Prompted();
        await _world.Pass(TimeSpan.FromSeconds(1), three);
        (await three).Text.ShouldBe("three");
    }

    private async Task<(ScriptedAgent Agent, AgentPrompt Prompt)> Asked()
    {
        await _world.Ask("test it");
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        agent.Ask("npm test");
        await _world.Surface.Shows("permission:", "npm test: open");
        return (agent, prompt);
    }
}
