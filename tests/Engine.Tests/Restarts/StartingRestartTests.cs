using Bots.Engine.Sessions;
using Bots.Engine.Tests.World;
using Bots.Sandbox;

namespace Bots.Engine.Tests.Restarts;

/// <summary>The service ends before the agent has its prompt.</summary>
public sealed class StartingRestartTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_sandbox_that_never_came_to_be_is_replaced()
    {
        _world.Sandboxes.Starting = () => Fence.Never<bool>();
        await _world.Ask("fix it");
        await _world.Logged<SessionEvent.StageChanged>();
        _world.Crash();
        _world.Sandboxes.Starting = () => Task.CompletedTask;

        await _world.Start();

        await Ends();
        _world.Sandboxes.All.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(Ending.Stop)]
    [InlineData(Ending.Crash)]
    public async Task A_sandbox_that_connects_after_the_restart_is_used(Ending ending)
    {
        _world.Sandboxes.Connecting = _ => Fence.Never<bool>();
        await _world.Ask("fix it");
        await _world.Sandboxes.Started();
        await _world.End(ending);
        _world.Sandboxes.Connecting = _ => Task.CompletedTask;
        await _world.Start();

        await Ends();
        _world.Sandboxes.All.Count.ShouldBe(ending == Ending.Crash ? 1 : 2, "a stop has time to end what nobody uses yet");
    }

    [Fact]
    public async Task A_sandbox_that_never_connects_is_replaced()
    {
        _world.Sandboxes.Connecting = _ => Fence.Never<bool>();
        await _world.Ask("fix it");
        var first = await _world.Sandboxes.Started();
        _world.Crash();
        _world.Sandboxes.Connecting = sandbox => sandbox == first.Sandbox ? Task.FromException(new SandboxException(SandboxFailure.DidNotStart, "It did not connect.")) : Task.CompletedTask;

        await _world.Start();

        await Ends();
        _world.Sandboxes.All.Count.ShouldBe(2);
        _world.Sandboxes.Running.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(Ending.Stop, "initialize")]
    [InlineData(Ending.Crash, "initialize")]
    [InlineData(Ending.Stop, "session/new")]
    [InlineData(Ending.Crash, "session/new")]
    public async Task An_agent_that_was_not_ready_is_started_anew_and_gets_the_prompt_once(Ending ending, string waitsFor)
    {
        _world.Sandboxes.Make = agent => agent.Deaf = new HashSet<string> { waitsFor };
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        await _world.Until(() => agent.Count(waitsFor) == 1);
        await _world.End(ending);
        agent.Deaf = new HashSet<string>();

        await _world.Start();

        await Ends();
        agent.Started.ShouldBe(2);
        agent.Count("session/prompt").ShouldBe(1);
        _world.Sandboxes.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_agent_that_does_not_answer_fails_the_prompt_after_a_minute()
    {
        _world.Sandboxes.Make = agent => agent.Deaf = new HashSet<string> { "initialize" };
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        await _world.Until(() => agent.Count("initialize") == 1);

        await _world.Clock.Armed(TimeSpan.FromSeconds(60));
        _world.Clock.Advance(TimeSpan.FromSeconds(60));

        await _world.Surface.Shows("prompt:", "Failed The agent did not answer initialize within 60 seconds.");
    }

    private async Task Ends()
    {
        await _world.Until(() => _world.Sandboxes.All.Exists(a => a.Count("session/prompt") == 1), "a prompt");
        var agent = _world.Sandboxes.All.Single(a => a.Count("session/prompt") == 1);
        agent.Say("Done.");
        agent.End(await agent.Prompted());
        await _world.Surface.Shows("prompt:", "Completed Done.");
        _world.Surface.Messages.Count.ShouldBe(1);
        _world.Events().OfType<SessionEvent.PromptFinished>().Count().ShouldBe(1);
    }
}
