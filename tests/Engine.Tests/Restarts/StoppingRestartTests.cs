using Bots.Engine.Sessions;
using Bots.Engine.Tests.World;
using Dapper;

namespace Bots.Engine.Tests.Restarts;

/// <summary>The service ends while somebody's stop is under way.</summary>
public sealed class StoppingRestartTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(Ending.Stop)]
    [InlineData(Ending.Crash)]
    public async Task An_agent_that_ignores_the_stop_is_ended_fifteen_seconds_after_the_service_is_back(Ending ending)
    {
        _world.Sandboxes.Make = agent => agent.Deaf = new HashSet<string> { "session/cancel" };
        var agent = await Stopped();
        await _world.Until(() => agent.Count("session/cancel") == 1);

        await _world.Restart(ending);
        await _world.Until(() => agent.Count("session/cancel") == 2);
        await _world.Clock.Armed(TimeSpan.FromSeconds(15));
        _world.Clock.Advance(TimeSpan.FromSeconds(15));

        await Cancelled();
    }

    [Fact]
    public async Task A_stop_that_the_agent_was_not_told_of_is_told()
    {
        ScriptedAgent? agent = null;
        await _world.CrashOnce(db => db.QuerySingle<long>("SELECT COUNT(*) FROM prompts WHERE stopped_by IS NOT NULL") == 1, async () =>
        {
            await _world.Ask("a long thing");
            agent = await _world.Sandboxes.Started();
            await agent.Prompted();
            await Task.WhenAny(_world.Stop("c1"), _world.Life.Died);
        });
        agent!.Count("session/cancel").ShouldBe(0);

        await _world.Start();

        await Cancelled();
        // The wish may have been journalled before the crash: then it is told once more, which cancels nothing twice.
        agent.Count("session/cancel").ShouldBeInRange(1, 2);
    }

    [Fact]
    public async Task A_turn_that_was_cancelled_is_not_published_when_the_service_is_back()
    {
        _world.Sandboxes.Make = agent => agent.Git = Git.Changed;
        ScriptedAgent? agent = null;
        await _world.CrashOnce(db => db.QuerySingle<long>("SELECT COUNT(*) FROM prompts WHERE stop_reason = 'cancelled'") == 1, async () => agent = await Stopped());

        await _world.Start();

        await Cancelled();
        agent!.Executed.ShouldNotContain(e => Git.IsPush(e));
        _world.Forge.Opened.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_stopped_is_not_begun_again_when_its_sandbox_died_meanwhile()
    {
        _world.Sandboxes.Make = agent => agent.Deaf = new HashSet<string> { "session/cancel" };
        var agent = await Stopped();
        await _world.Until(() => agent.Count("session/cancel") == 1);
        _world.Crash();
        await _world.Sandboxes.Stop(agent.Sandbox, CancellationToken.None);

        await _world.Start();

        await _world.Surface.Shows("prompt:", "Cancelled");
        _world.Sandboxes.All.Count.ShouldBe(1);
        await Cancelled();
    }

    [Fact]
    public async Task A_stop_during_the_start_of_the_sandbox_ends_the_prompt_though_the_service_ends_too()
    {
        var starting = new TaskCompletionSource();
        _world.Sandboxes.Starting = () => starting.Task;
        await _world.Ask("a long thing");
        await _world.CrashOnce(db => db.QuerySingle<long>("SELECT COUNT(*) FROM prompts WHERE stopped_by IS NOT NULL") == 1, async () =>
        {
            await _world.Logged<SessionEvent.StageChanged>();
            await Task.WhenAny(_world.Stop("c1"), _world.Life.Died);
        });
        starting.SetResult();

        await _world.Start();

        await Cancelled();
    }

    private async Task<ScriptedAgent> Stopped()
    {
        await _world.Ask("a long thing");
        var agent = await _world.Sandboxes.Started();
        await agent.Prompted();
        await Task.WhenAny(_world.Stop("c1"), _world.Life.Died);
        return agent;
    }

    private async Task Cancelled()
    {
        await _world.Surface.Shows("prompt:", "Cancelled");
        _world.Events().OfType<SessionEvent.PromptFinished>().ShouldHaveSingleItem().State.ShouldBe(PromptState.Cancelled);
        _world.Events().OfType<SessionEvent.StopAsked>().Count().ShouldBe(1);
        await _world.Ask("next");
        await _world.Until(() => _world.Sandboxes.All.Sum(a => a.Count("session/prompt")) >= 1 && _world.View().Prompts is [_, { State: PromptState.Running }]);
    }
}
