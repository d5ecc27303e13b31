using Bots.Engine.Sandboxes;
using Bots.Engine.Sessions;
using Bots.Engine.Tests.World;
using Bots.Sandbox;

namespace Bots.Engine.Tests.Sandboxes;

public sealed class LimitWatchTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(ResourceLimit.Processes, 512, "reached its limit of 512 processes")]
    [InlineData(ResourceLimit.Disk, 20L << 30, "took more than 20 GiB")]
    public async Task A_sandbox_with_too_many_processes_or_files_is_ended_and_people_are_told(ResourceLimit limit, long allowed, string said)
    {
        var agent = await Working();

        await Reach(agent, limit, allowed);

        await _world.Until(() => _world.View().Prompts is [{ State: PromptState.Failed }]);
        _world.View().Prompts[0].Cause!.ShouldContain(said);
        await _world.Until(() => _world.Sandboxes.Running.Count == 0);
        _world.Sandboxes.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_process_that_ran_out_of_memory_is_noted_and_the_turn_goes_on()
    {
        var agent = await Working();

        await Reach(agent, ResourceLimit.Memory, 4L << 30);
        await _world.Until(() => _world.View().Prompts[0].Notes.Count == 1);
        agent.End(_prompt);

        await _world.Until(() => _world.View().Prompts is [{ State: PromptState.Completed }]);
        _world.View().Prompts[0].Notes.ShouldHaveSingleItem().ShouldContain("ran out of memory at 4 GiB");
    }

    [Fact]
    public async Task A_sandbox_that_died_of_a_lack_of_memory_is_not_started_again()
    {
        var agent = await Working();

        _world.Sandboxes.Vanish(agent.Sandbox);
        await Reach(agent, ResourceLimit.Memory, 4L << 30);

        await _world.Until(() => _world.View().Prompts is [{ State: PromptState.Failed }]);
        _world.View().Prompts[0].Cause!.ShouldContain("ran out of memory at 4 GiB");
        _world.Sandboxes.All.Count.ShouldBe(1);
    }

    private AgentPrompt _prompt = null!;

    private async Task<ScriptedAgent> Working()
    {
        await _world.Ask("do it");
        var agent = await _world.Sandboxes.Started();
        _prompt = await agent.Prompted();
        return agent;
    }

    private Task Reach(ScriptedAgent agent, ResourceLimit limit, long allowed)
    {
        _world.Sandboxes.Reached.Enqueue(new LimitBreach(agent.Sandbox, limit, allowed));
        return _world.Pass(LimitWatch.Interval, () => _world.Sandboxes.Reached.IsEmpty);
    }
}
