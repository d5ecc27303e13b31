using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Tests.World;
using Bots.Sandbox.Sidecars;
using Dapper;

namespace Bots.Engine.Tests.Restarts;

/// <summary>The service ends while an agent works, and comes back.</summary>
public sealed class RunningTurnTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(Ending.Stop)]
    [InlineData(Ending.Crash)]
    public async Task A_turn_goes_on_and_no_word_is_lost_or_doubled(Ending ending)
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        agent.Say("Hello ");
        agent.Plan();
        await _world.Surface.Shows("prompt:", "Running Hello");
        agent.Say("brave ");

        await _world.Restart(ending);
        agent.Say("new ");
        agent.Say("world");
        agent.End(prompt);

        await _world.Surface.Shows("prompt:", "Completed Hello brave new world");
        _world.Surface.Messages.Count.ShouldBe(1);
        string.Concat(_world.Events().OfType<SessionEvent.AgentText>().Select(t => t.Text)).ShouldBe("Hello brave new world");
        _world.Events().OfType<SessionEvent.PromptStarted>().Count().ShouldBe(1);
        agent.Count("session/prompt").ShouldBe(1);
        agent.Started.ShouldBe(1);
        _world.Sandboxes.All.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(Ending.Stop)]
    [InlineData(Ending.Crash)]
    public async Task A_turn_that_ended_while_the_service_was_away_is_taken_up(Ending ending)
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        await _world.End(ending);

        agent.Say("Done.");
        agent.End(prompt);
        _world.Clock.Advance(TimeSpan.FromHours(3));
        await _world.Start();

        await _world.Surface.Shows("prompt:", "Completed Done.");
    }

    [Fact]
    public async Task A_sandbox_that_died_meanwhile_is_replaced_and_the_prompt_runs_again()
    {
        await _world.Ask("fix it");
        var first = await _world.Sandboxes.Started();
        await first.Prompted();
        first.Say("I look at the fi");
        first.Ask("npm test");
        await _world.Surface.Shows("permission:", "npm test: open");
        _world.Crash();
        await _world.Sandboxes.Stop(first.Sandbox, CancellationToken.None);
        await _world.Start();

        var second = await _world.Sandboxes.Started();
        var prompt = await second.Prompted();

        prompt.Text.ShouldStartWith("fix it");
        prompt.Text.ShouldContain("interrupted");
        await _world.Surface.Shows("permission:", "npm test: Deny the sandbox was lost");
        second.Say("Done.");
        second.End(prompt);
        await _world.Surface.Shows("prompt:", "Completed I look at the fi\n\nDone.");
        _world.View().Prompts[0].Notes.ShouldHaveSingleItem().ShouldContain("sandbox was lost");
        _world.Surface.Messages.Count.ShouldBe(2);
        second.Answers.ShouldBe(0);
    }

    [Fact]
    public async Task An_agent_that_ended_while_the_service_was_away_fails_the_prompt_at_once()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        await agent.Prompted();
        _world.Crash();
        agent.Complain("out of cheese");
        agent.Exit(3);
        await _world.Start();

        await _world.Surface.Shows("prompt:", text => text.StartsWith("Failed", StringComparison.Ordinal) && text.Contains("code 3", StringComparison.Ordinal) && text.Contains("cheese", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_crash_while_the_end_of_an_agent_is_recorded_still_ends_the_prompt()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        await agent.Prompted();
        await _world.CrashOnce(db => db.QuerySingle<long>("SELECT MAX(last_output) FROM sandboxes") >= 4, () =>
        {
            agent.Complain("out of cheese");
            agent.Exit(3);
            return Task.CompletedTask;
        });
        await _world.Start();

        await _world.Surface.Shows("prompt:", text => text.StartsWith("Failed", StringComparison.Ordinal) && text.Contains("code 3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_crash_while_a_refusal_of_the_agent_is_recorded_still_ends_the_prompt_with_its_cause()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        await _world.CrashOnce(db => db.QuerySingle<long>("SELECT MAX(last_output) FROM sandboxes") >= 3, () =>
        {
            agent.Fail(prompt, "the model said 401");
            return Task.CompletedTask;
        });
        await _world.Start();

        await _world.Surface.Shows("prompt:", "Failed The agent could not finish: the model said 401");
        await _world.Ask("again");
        agent.End(await agent.Prompted());
        await _world.Surface.Shows("prompt:", "Completed");
    }

    [Theory]
    [InlineData(Ending.Stop)]
    [InlineData(Ending.Crash)]
    public async Task Prompts_that_wait_run_in_their_order(Ending ending)
    {
        foreach (var text in (string[])["one", "two", "three"]) await _world.Ask(text);
        var agent = await _world.Sandboxes.Started();
        var first = await agent.Prompted();
        await _world.Until(() => _world.Events().OfType<SessionEvent.PromptQueued>().Count() == 3);

        await _world.Restart(ending);
        agent.End(first);
        foreach (var text in (string[])["two", "three"])
        {
            var prompt = await agent.Prompted();
            prompt.Text.ShouldBe(text);
            agent.End(prompt);
        }

        await _world.Until(() => _world.View().Prompts.All(p => p.State == PromptState.Completed));
        agent.Count("session/prompt").ShouldBe(3);
        _world.Sandboxes.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_idle_sandbox_does_not_outlive_the_service()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        agent.End(await agent.Prompted());
        await _world.Surface.Shows("prompt:", "Completed");

        await _world.Restart();

        _world.Sandboxes.Running.ShouldBeEmpty();
    }
}
