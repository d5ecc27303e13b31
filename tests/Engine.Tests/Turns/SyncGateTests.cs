using System.Text.Json.Nodes;
using Bots.Engine.Intake;
using Bots.Engine.Prompts;
using Bots.Engine.Sessions;
using Bots.Engine.Tests.World;
using Bots.Sandbox.Sidecars;
using Dapper;

namespace Bots.Engine.Tests.Turns;

/// <summary>An agent that is ready gets its prompt at once; the workspace is brought up to date meanwhile.</summary>
public sealed class SyncGateTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ExecResult? _fails;

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task What_the_agent_says_and_reads_does_not_wait()
    {
        var (agent, prompt) = await FollowUp();

        agent.Say("Looking");
        agent.Ask("src/main.cs", kind: "read", raw: new JsonObject { ["filePath"] = "/workspace/src/main.cs" });

        (await agent.Answered()).ToString().ShouldContain("once");
        agent.Plan();
        await _world.Surface.Shows("prompt:", "Running Looking");
        _synced.SetResult();
        agent.End(prompt);
        await Ended(PromptState.Completed);
    }

    [Theory]
    [InlineData("execute")]
    [InlineData("read")]
    public async Task A_command_waits_until_the_workspace_is_up_to_date_whatever_the_agent_calls_it(string kind)
    {
        var (agent, prompt) = await FollowUp();
        agent.Say("Running it");
        agent.Ask("npm test", kind: kind);
        await _world.Surface.Shows("prompt:", "Running Running it");
        _world.Events().OfType<SessionEvent.PermissionAsked>().ShouldBeEmpty();

        _synced.SetResult();

        await _world.Surface.Shows("permission:", "npm test: open");
        await _world.Answer(PermissionDecision.AllowOnce);
        await agent.Answered();
        agent.End(prompt);
        await Ended(PromptState.Completed);
    }

    [Fact]
    public async Task The_end_waits_too_so_that_what_is_published_stands_on_what_was_fetched()
    {
        var (agent, prompt) = await FollowUp();
        agent.Say("Done");
        agent.End(prompt);
        await _world.Surface.Shows("prompt:", "Running Done");
        _world.View().Prompts[1].State.ShouldBe(PromptState.Running);

        _synced.SetResult();

        await Ended(PromptState.Completed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_it_cannot_be_brought_up_to_date_the_prompt_fails_and_the_agent_is_ended(bool asking)
    {
        var (agent, _) = await FollowUp();
        if (asking) agent.Ask("npm test");
        _fails = new ExecResult(128, "", "fatal: the remote hung up\n");

        _synced.SetResult();

        await Ended(PromptState.Failed);
        _world.View().Prompts[1].Cause!.ShouldContain("the remote hung up");
        _world.Events().OfType<SessionEvent.PermissionAsked>().ShouldBeEmpty();
        (await agent.IsRunning(agent.Processes[^1], CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_it()
    {
        var (agent, _) = await FollowUp();
        agent.Ask("npm test");

        await _world.Stop("c1");

        await Ended(PromptState.Cancelled);
    }

    [Fact]
    public async Task A_restart_in_between_brings_it_up_to_date_again()
    {
        var (agent, prompt) = await FollowUp();

        _world.Crash();
        _synced.SetResult();
        await _world.Start();
        agent.Ask("npm test");

        await _world.Surface.Shows("permission:", "npm test: open");
        await _world.Answer(PermissionDecision.AllowOnce);
        await agent.Answered();
        agent.End(prompt);
        await Ended(PromptState.Completed);
        agent.Count("session/prompt").ShouldBe(2);
    }

    [Fact]
    public async Task A_crash_after_the_agents_end_and_before_it_is_up_to_date_is_got_over()
    {
        var (agent, prompt) = await FollowUp();

        await _world.CrashOnce(db => db.QuerySingle<long>("SELECT COUNT(*) FROM prompts WHERE stop_reason IS NOT NULL") == 2, () =>
        {
            agent.End(prompt);
            return Task.CompletedTask;
        });
        _synced.SetResult();
        await _world.Start();

        await Ended(PromptState.Completed);
        agent.Executed.Last(Git.IsCommit).Environment["START"].ShouldBe(Git.Before);
    }

    /// <summary>A second prompt, which the agent has while its workspace is still being brought up to date.</summary>
    private async Task<(ScriptedAgent Agent, AgentPrompt Prompt)> FollowUp()
    {
        await _world.Ask("first");
        var agent = await _world.Sandboxes.Started();
        agent.End(await agent.Prompted());
        await _world.Until(() => _world.View().Prompts is [{ State: PromptState.Completed }]);
        var git = agent.Git;
        (agent.Working, agent.Git) = (request => request.Environment.ContainsKey("START") && request.Environment.ContainsKey("URL") ? _synced.Task : Task.CompletedTask, request => _fails ?? git(request));
        await _world.Ask("second");
        return (agent, await agent.Prompted());
    }

    private Task Ended(PromptState state) => _world.Until(() => _world.View().Prompts is [_, var second] && second.State == state, state.ToString());
}
