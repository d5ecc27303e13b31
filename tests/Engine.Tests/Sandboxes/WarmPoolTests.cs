using Bots.Engine.Sandboxes;
using Bots.Engine.Sessions;
using Bots.Engine.Tests.World;

namespace Bots.Engine.Tests.Sandboxes;

public sealed class WarmPoolTests : IAsyncLifetime
{
    private static readonly RepositoryName Calculator = RepositoryName.Parse("acme/calculator");
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_hint_warms_a_sandbox_up_to_an_agent_that_only_waits_for_its_prompt()
    {
        var warm = await Warm();

        warm.Count("initialize").ShouldBe(1);
        warm.Count("session/new").ShouldBe(1);
        warm.Count("session/prompt").ShouldBe(0);
        warm.Executed.ShouldContain(e => e.Environment.ContainsKey("URL") && e.Environment["BRANCH"] == "main");
    }

    [Fact]
    public async Task The_next_session_takes_it_over_and_its_prompt_is_sent_at_once()
    {
        var warm = await Warm();

        await _world.Ask("fix it");

        var prompt = await warm.Prompted();
        warm.End(prompt);
        await _world.Until(() => _world.View().Prompts is [{ State: PromptState.Completed }]);
        _world.Sandboxes.All.Count.ShouldBe(1);
        warm.Count("session/new").ShouldBe(1);
    }

    [Fact]
    public async Task Of_two_sessions_one_gets_it_and_the_other_starts_its_own()
    {
        var warm = await Warm();

        await Task.WhenAll(_world.Ask("one", "c1"), _world.Ask("two", "c2"));

        var cold = await _world.Sandboxes.Started();
        var prompts = (await warm.Prompted(), await cold.Prompted());
        new[] { prompts.Item1.Text, prompts.Item2.Text }.ShouldBe(["one", "two"], ignoreOrder: true);
        warm.End(prompts.Item1);
        cold.End(prompts.Item2);
        await _world.Until(() => _world.View("c1").Prompts is [{ State: PromptState.Completed }] && _world.View("c2").Prompts is [{ State: PromptState.Completed }]);
    }

    [Fact]
    public async Task One_that_died_while_it_waited_is_passed_over()
    {
        _world.Sandboxes.Make = agent => agent.OnPrompt = prompt => agent.End(prompt);
        var warm = await Warm();
        await _world.Sandboxes.Stop(warm.Sandbox, CancellationToken.None);

        await _world.Ask("fix it");

        await _world.Until(() => _world.Session() is not null && _world.View().Prompts is [{ State: PromptState.Completed }]);
        _world.View().Prompts[0].Notes.ShouldBeEmpty();
        warm.Count("session/prompt").ShouldBe(0);
    }

    [Fact]
    public async Task One_that_is_too_old_is_replaced()
    {
        var warm = await Warm();

        _world.Clock.Advance(TimeSpan.FromHours(1));
        _world.Get<IWarmPool>().Hint(Calculator);

        var next = await _world.Sandboxes.Started();
        await _world.Until(() => next.Count("session/new") == 1);
        warm.Lost.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task One_that_nobody_wants_any_more_is_ended()
    {
        await Warm();
        _world.Clock.Advance(WarmPool.Hinted);

        await _world.Get<WarmPool>().Tend(CancellationToken.None);

        await _world.Until(() => _world.Sandboxes.Running.Count == 0);
    }

    [Fact]
    public async Task Repeated_hints_warm_no_more_than_one()
    {
        await Warm();

        _world.Get<IWarmPool>().Hint(Calculator);
        await _world.Get<WarmPool>().Tend(CancellationToken.None);

        _world.Sandboxes.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task It_survives_a_crash_of_the_service_and_is_claimed_afterwards()
    {
        var warm = await Warm();
        _world.Crash();
        await _world.Start();

        await _world.Ask("fix it");

        warm.End(await warm.Prompted());
        await _world.Until(() => _world.View().Prompts is [{ State: PromptState.Completed }]);
        _world.Sandboxes.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_hint_for_what_cannot_be_cloned_harms_nobody()
    {
        _world.Sandboxes.Make = agent => agent.Git = _ => new(128, "", "fatal: repository not found\n");
        _world.Get<IWarmPool>().Hint(Calculator);

        await _world.Until(() => _world.Sandboxes.All is [{ Lost.IsCancellationRequested: true }]);
    }

    private async Task<ScriptedAgent> Warm()
    {
        _world.Get<IWarmPool>().Hint(Calculator);
        var warm = await _world.Sandboxes.Started();
        await _world.Until(() => _world.Store.Read(SandboxStore.Warm) is [{ AgentReady: true }] && !_world.Get<SandboxManager>().IsLeased(warm.Sandbox));
        return warm;
    }
}
