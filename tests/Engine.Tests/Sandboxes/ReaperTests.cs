using Bots.Engine.Sandboxes;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Engine.Tests.World;
using Bots.Sandbox;
using Dapper;

namespace Bots.Engine.Tests.Sandboxes;

public sealed class ReaperTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_sandbox_nobody_uses_is_stopped_when_its_time_is_up_and_not_before()
    {
        var agent = await Idle();
        _world.Clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromTicks(1));
        await Reap();
        _world.Sandboxes.Running.ShouldHaveSingleItem();

        _world.Clock.Advance(TimeSpan.FromTicks(1));
        await Reap();

        _world.Sandboxes.Running.ShouldBeEmpty();
        agent.Lost.IsCancellationRequested.ShouldBeTrue();
        Live().ShouldBeEmpty();
    }

    [Fact]
    public async Task It_looks_every_minute()
    {
        await Idle();

        await _world.Pass(TimeSpan.FromMinutes(1), () => _world.Sandboxes.Running.Count == 0);
    }

    [Fact]
    public async Task After_an_idle_stop_the_session_goes_on_in_a_new_sandbox_with_its_conversation()
    {
        await Idle();
        _world.Clock.Advance(TimeSpan.FromMinutes(15));
        await Reap();

        await _world.Ask("again");
        var second = await _world.Sandboxes.Started();
        second.End(await second.Prompted());

        await _world.Until(() => _world.View().Prompts is [_, { State: PromptState.Completed }]);
        second.Count("session/load").ShouldBe(1);
        _world.View().Prompts[1].Notes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_sandbox_in_use_is_left_alone_however_long_it_takes()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        await agent.Prompted();
        agent.Ask("npm test");
        await _world.Surface.Shows("permission:", "npm test: open");
        _world.Clock.Advance(TimeSpan.FromMinutes(29));

        await Reap();

        _world.Sandboxes.Running.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_turn_that_is_about_to_be_taken_up_again_keeps_its_sandbox()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        await _world.Stop();
        _world.Clock.Advance(TimeSpan.FromHours(1));
        await _world.Start();

        await Reap();

        agent.End(prompt);
        await _world.Surface.Shows("prompt:", "Completed");
        _world.Sandboxes.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_the_store_does_not_know_is_stopped_at_once()
    {
        await _world.Sandboxes.Stray(SandboxId.New());

        await Reap();

        _world.Sandboxes.Running.ShouldBeEmpty();
    }

    [Fact]
    public async Task Strays_of_a_former_life_are_stopped_at_the_start()
    {
        await _world.Stop();
        await _world.Sandboxes.Stray(SandboxId.New());

        await _world.Start();

        await _world.Until(() => _world.Sandboxes.Running.Count == 0);
    }

    [Fact]
    public async Task One_that_cannot_be_stopped_at_the_services_end_keeps_no_other_running()
    {
        var stuck = (await Idle()).Sandbox;
        await Idle("c2");
        _world.Sandboxes.Stopping = sandbox => sandbox == stuck ? Task.FromException(new SandboxException(SandboxFailure.Unavailable, "It does not end.")) : Task.CompletedTask;

        await _world.Stop();

        _world.Sandboxes.Running.ShouldHaveSingleItem().Sandbox.ShouldBe(stuck);
        _world.Sandboxes.Stopping = _ => Task.CompletedTask;
        await _world.Start();
        await _world.Until(() => _world.Sandboxes.Running.Count == 0);
    }

    [Fact]
    public async Task At_the_services_end_several_are_stopped_at_the_same_time()
    {
        await Idle();
        await Idle("c2");
        var (stopping, both) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _world.Sandboxes.Stopping = _ =>
        {
            if (Interlocked.Increment(ref stopping) == 2) both.SetResult();
            return both.Task;
        };

        await _world.Stop().Within("the engine's end");

        _world.Sandboxes.Running.ShouldBeEmpty();
        await _world.Start();
    }

    [Fact]
    public async Task A_sandbox_that_died_while_it_was_idle_is_forgotten()
    {
        var agent = await Idle();
        await _world.Sandboxes.Stop(agent.Sandbox, CancellationToken.None);

        await Reap();

        Live().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_sandbox_whose_lease_was_cut_off_by_a_crash_becomes_idle_and_is_stopped_in_time()
    {
        await Idle();
        await _world.Store.Write(write => write.Db.Execute("UPDATE sandboxes SET idle_since = NULL"));
        _world.Crash();
        await _world.Start();

        await _world.Pass(TimeSpan.FromMinutes(1), () => _world.Sandboxes.Running.Count == 0);
    }

    [Fact]
    public async Task A_lease_ends_though_that_cannot_be_written()
    {
        var agent = await Idle();
        var manager = _world.Get<SandboxManager>();
        var lease = (await manager.Resume(_world.Session()!.Value, CancellationToken.None))!;
        manager.IsLeased(agent.Sandbox).ShouldBeTrue();
        _world.StoreFailing = () => new StoreException("full", new IOException("full"));

        await Should.ThrowAsync<StoreException>(async () => await lease.DisposeAsync());

        manager.IsLeased(agent.Sandbox).ShouldBeFalse();
        _world.StoreFailing = () => null;
    }

    private async Task<ScriptedAgent> Idle(string conversation = "c1")
    {
        await _world.Ask("fix it", conversation);
        var agent = await _world.Sandboxes.Started();
        agent.End(await agent.Prompted());
        await _world.Until(() => Live().Any(row => row.Id == agent.Sandbox && row.IdleSince is not null));
        return agent;
    }

    private Task Reap() => _world.Get<Reaper>().Reap(CancellationToken.None);

    private IReadOnlyList<SandboxRow> Live() => _world.Store.Read(SandboxStore.Live);
}
