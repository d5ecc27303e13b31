using System.Text.Json;
using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Tests.World;
using Bots.Sandbox;
using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Tests.Turns;

public sealed class TurnTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_prompt_runs_and_its_answer_is_shown_once()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        agent.Say("Hello ");
        agent.Say("there");
        agent.End(prompt);

        await _world.Surface.Shows("prompt:", text => text == "Completed Hello there");
        _world.Surface.Messages.Count.ShouldBe(1);
        prompt.Text.ShouldBe("fix it");
    }

    [Fact]
    public async Task The_log_has_no_gaps_and_folding_it_gives_the_view()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        agent.End(await agent.Prompted());
        await _world.Surface.Shows("prompt:", text => text.StartsWith("Completed", StringComparison.Ordinal));

        var events = _world.Log.Read(_world.View().Id, 0);
        events.Select(e => e.Sequence).ShouldBe(Enumerable.Range(1, events.Count).Select(n => (long)n));
    }

    [Fact]
    public async Task A_command_waits_for_a_person_and_the_agent_gets_the_answer()
    {
        await _world.Ask("test it");
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        agent.Ask("npm test");
        await _world.Surface.Shows("permission:", text => text == "npm test: open");

        await _world.Answer(PermissionDecision.AllowOnce);

        Outcome(await agent.Answered()).ShouldBe("once");
        await _world.Surface.Shows("permission:", text => text == "npm test: AllowOnce Ben");
        agent.End(prompt);
        await _world.Surface.Shows("prompt:", text => text.StartsWith("Completed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_denied_command_is_reported_to_the_agent_with_its_reason()
    {
        await _world.Ask("test it");
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        agent.Ask("rm -rf .");
        await _world.Surface.Shows("permission:", text => text.EndsWith("open", StringComparison.Ordinal));
        await _world.Answer(PermissionDecision.Deny, "never delete things");
        Outcome(await agent.Answered()).ShouldBe("reject");
        agent.End(prompt);

        var told = await agent.Prompted();

        told.Text.ShouldContain("rm -rf .");
        told.Text.ShouldContain("never delete things");
        told.Text.ShouldContain("Ben");
        agent.Say("Understood.");
        agent.End(told);
        await _world.Surface.Shows("prompt:", text => text == "Completed Understood.");
    }

    [Fact]
    public async Task What_is_always_allowed_is_not_asked_again()
    {
        await _world.Ask("test it");
        var agent = await _world.Sandboxes.Started();
        await agent.Prompted();
        agent.Ask("npm test");
        await _world.Surface.Shows("permission:", text => text.EndsWith("open", StringComparison.Ordinal));
        await _world.Answer(PermissionDecision.AllowSession);
        await agent.Answered();

        agent.Ask("npm test", "call-2");

        Outcome(await agent.Answered()).ShouldBe("once");
        _world.View().Prompts[0].Permissions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_first_decision_wins_and_the_second_person_is_told()
    {
        await _world.Ask("test it");
        var agent = await _world.Sandboxes.Started();
        await agent.Prompted();
        agent.Ask("npm test");
        await _world.Surface.Shows("permission:", text => text.EndsWith("open", StringComparison.Ordinal));
        var id = _world.View().Prompts[0].Permissions[0].Id;

        await _world.Answer(PermissionDecision.AllowOnce, permission: id);
        await _world.Answer(PermissionDecision.Deny, permission: id, by: EngineWorld.Ana);

        await _world.Surface.Shows("notice:", text => text.Contains("Ben has already decided", StringComparison.Ordinal));
        Outcome(await agent.Answered()).ShouldBe("once");
    }

    [Fact]
    public async Task A_permission_nobody_answers_expires_to_denied()
    {
        await _world.Ask("test it");
        var agent = await _world.Sandboxes.Started();
        await agent.Prompted();
        agent.Ask("npm test");
        await _world.Surface.Shows("permission:", text => text.EndsWith("open", StringComparison.Ordinal));
        await _world.Clock.Armed(TimeSpan.FromMinutes(30));

        _world.Clock.Advance(TimeSpan.FromMinutes(31));

        Outcome(await agent.Answered()).ShouldBe("reject");
        await _world.Surface.Shows("permission:", text => text == "npm test: Deny expired");
    }

    [Fact]
    public async Task Stopping_cancels_the_turn_and_the_next_prompt_runs()
    {
        await _world.Ask("a long thing");
        await _world.Ask("a short thing");
        var agent = await _world.Sandboxes.Started();
        await agent.Prompted();

        await _world.Stop("c1");

        await _world.Surface.Shows("prompt:", text => text == "Cancelled");
        (await agent.Prompted()).Text.ShouldBe("a short thing");
    }

    [Fact]
    public async Task An_agent_that_ignores_a_stop_is_ended_after_fifteen_seconds()
    {
        _world.Sandboxes.Make = agent => agent.Deaf = new HashSet<string> { "session/cancel" };
        await _world.Ask("a long thing");
        var agent = await _world.Sandboxes.Started();
        await agent.Prompted();
        await _world.Stop("c1");
        await _world.Until(() => agent.Count("session/cancel") == 1);
        await _world.Clock.Armed(TimeSpan.FromSeconds(15));

        _world.Clock.Advance(TimeSpan.FromSeconds(16));

        await _world.Surface.Shows("prompt:", text => text == "Cancelled");
    }

    [Fact]
    public async Task An_agent_that_dies_fails_the_prompt_with_what_it_said_and_the_next_one_starts_it_anew()
    {
        await _world.Ask("crash");
        var agent = await _world.Sandboxes.Started();
        await agent.Prompted();
        agent.Complain("out of cheese");
        agent.Exit(3);
        await _world.Surface.Shows("prompt:", text => text.StartsWith("Failed", StringComparison.Ordinal) && text.Contains("code 3", StringComparison.Ordinal) && text.Contains("out of cheese", StringComparison.Ordinal));

        await _world.Ask("again");

        agent.End(await agent.Prompted());
        await _world.Surface.Shows("prompt:", text => text == "Completed");
        agent.Started.ShouldBe(2);
        agent.Count("session/load").ShouldBe(1);
    }

    [Fact]
    public async Task A_refusal_of_the_agent_becomes_the_cause()
    {
        await _world.Ask("fail");
        var agent = await _world.Sandboxes.Started();
        agent.Fail(await agent.Prompted(), "the model said 401");

        await _world.Surface.Shows("prompt:", text => text == "Failed The agent could not finish: the model said 401");
    }

    [Fact]
    public async Task A_silent_agent_is_ended_and_said_so()
    {
        await _world.Ask("hang");
        var agent = await _world.Sandboxes.Started();
        await agent.Prompted();
        agent.Plan();
        await _world.Logged<SessionEvent.PlanChanged>();
        await _world.Clock.Armed(TimeSpan.FromMinutes(10));

        _world.Clock.Advance(TimeSpan.FromMinutes(11));

        await _world.Surface.Shows("prompt:", text => text.StartsWith("Failed", StringComparison.Ordinal) && text.Contains("said nothing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Somebody_who_sets_the_clock_ends_no_turn()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        agent.Plan();
        await _world.Logged<SessionEvent.PlanChanged>();
        await _world.Clock.Armed(TimeSpan.FromMinutes(10));

        _world.Clock.Shift = TimeSpan.FromDays(2);
        agent.Ask("npm test");
        await _world.Logged<SessionEvent.PermissionAsked>();
        await _world.Answer(PermissionDecision.AllowOnce);
        await agent.Answered();
        agent.End(prompt);

        await _world.Surface.Shows("prompt:", "Completed");
    }

    [Fact]
    public async Task A_clone_that_fails_is_told_with_gits_own_words()
    {
        _world.Sandboxes.Make = agent => agent.Git = _ => new ExecResult(128, "", "fatal: repository not found\n");

        await _world.Ask("fix it");

        await _world.Surface.Shows("prompt:", text => text.StartsWith("Failed", StringComparison.Ordinal) && text.Contains("repository not found", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sandbox_that_cannot_start_fails_the_prompt_and_harms_nothing_else()
    {
        _world.Sandboxes.Failure = new SandboxException(SandboxFailure.Unavailable, "bubblewrap is not installed");
        await _world.Ask("fix it");
        await _world.Surface.Shows("prompt:", text => text == "Failed bubblewrap is not installed");

        _world.Sandboxes.Failure = null;
        await _world.Ask("again");
        var agent = await _world.Sandboxes.Started();
        agent.End(await agent.Prompted());
        await _world.Surface.Shows("prompt:", text => text == "Completed");
    }

    [Fact]
    public async Task A_sandbox_lost_in_the_middle_is_replaced_and_the_prompt_runs_again()
    {
        await _world.Ask("fix it");
        var first = await _world.Sandboxes.Started();
        await first.Prompted();
        first.Lose();

        var second = await _world.Sandboxes.Started();
        var prompt = await second.Prompted();

        prompt.Text.ShouldContain("interrupted");
        second.Say("Done.");
        second.End(prompt);
        await _world.Surface.Shows("prompt:", text => text == "Completed Done.");
    }

    [Fact]
    public async Task Changes_are_pushed_and_a_pull_request_is_opened()
    {
        _world.Sandboxes.Make = agent => agent.Git = request => request.Arguments[1].Contains("numstat", StringComparison.Ordinal)
            ? new ExecResult(0, "2222222222222222222222222222222222222222\n12\t3\ta.js\n-\t-\tlogo.png\n", "")
            : new ExecResult(0, "1111111111111111111111111111111111111111\n", "");
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        agent.End(await agent.Prompted());
        await _world.Surface.Shows("prompt:", text => text == "Completed");

        _world.View().Prompts[0].Changes.ShouldBe(new DiffSummary(12, 3, 2));
        _world.View().PullRequest!.Number.ShouldBe(1);
        _world.Forge.Opened.Single().Title.ShouldBe("Fix it");
        agent.Executed.ShouldContain(e => e.Arguments[1].Contains("push origin", StringComparison.Ordinal) && e.Environment["BRANCH"] == _world.View().Branch);
    }

    private static string? Outcome(JsonElement answer) =>
        answer.GetProperty("result").GetProperty("outcome").TryGetProperty("optionId", out var option) ? option.GetString() : "cancelled";
}
