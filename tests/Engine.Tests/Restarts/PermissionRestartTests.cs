using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Tests.World;
using Dapper;

namespace Bots.Engine.Tests.Restarts;

/// <summary>The service ends while somebody is asked, and comes back.</summary>
public sealed class PermissionRestartTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(Ending.Stop)]
    [InlineData(Ending.Crash)]
    public async Task An_open_request_can_still_be_answered_and_is_answered_once(Ending ending)
    {
        var (agent, prompt) = await Asked();

        await _world.Restart(ending);
        await _world.Answer(PermissionDecision.AllowOnce);
        (await agent.Answered()).GetProperty("id").GetInt64().ShouldBe(1000);
        agent.End(prompt);

        await _world.Surface.Shows("prompt:", "Completed");
        await Agree(agent, "npm test: AllowOnce Ben");
    }

    [Fact]
    public async Task A_decision_that_nobody_passed_on_is_passed_on()
    {
        var (agent, prompt) = await Asked();

        await _world.CrashOnce(db => db.QuerySingle<long>("SELECT COUNT(*) FROM permission_requests WHERE state <> 'pending'") == 1, () => Unheard(_world.Answer(PermissionDecision.AllowOnce)));
        agent.Answers.ShouldBe(0);
        await _world.Start();
        await agent.Answered();
        agent.End(prompt);

        await _world.Surface.Shows("prompt:", "Completed");
        await Agree(agent, "npm test: AllowOnce Ben");
    }

    [Fact]
    public async Task An_answer_that_was_journalled_but_not_sent_is_sent()
    {
        var (agent, prompt) = await Asked();

        await _world.CrashOnce(db => db.QuerySingle<long>("SELECT COUNT(*) FROM permission_requests WHERE answered = 1") == 1, () => Unheard(_world.Answer(PermissionDecision.Deny, "no")));
        agent.Answers.ShouldBe(0);
        await _world.Start();
        await agent.Answered();
        agent.End(prompt);
        var told = await agent.Prompted();
        told.Text.ShouldContain("no (denied by Ben)");
        agent.End(told);

        await _world.Surface.Shows("prompt:", "Completed");
        await Agree(agent, "npm test: Deny Ben");
    }

    [Fact]
    public async Task A_denial_is_explained_once_also_when_the_service_ends_in_between()
    {
        var (agent, prompt) = await Asked();
        await _world.Answer(PermissionDecision.Deny, "never");
        await agent.Answered();

        await _world.CrashOnce(db => db.QuerySingle<long>("SELECT COUNT(*) FROM permission_requests WHERE told = 1") == 1, () =>
        {
            agent.End(prompt);
            return Task.CompletedTask;
        });
        agent.Count("session/prompt").ShouldBe(1);
        await _world.Start();
        var told = await agent.Prompted();
        await _world.Restart(Ending.Crash);
        agent.End(told);

        await _world.Surface.Shows("prompt:", "Completed");
        agent.Count("session/prompt").ShouldBe(2);
    }

    [Theory]
    [InlineData(Ending.Stop)]
    [InlineData(Ending.Crash)]
    public async Task A_request_that_expires_while_the_service_is_away_is_denied_when_it_is_back(Ending ending)
    {
        var (agent, _) = await Asked();
        await _world.End(ending);
        _world.Clock.Advance(TimeSpan.FromMinutes(31));

        await _world.Start();

        (await agent.Answered()).GetProperty("result").GetProperty("outcome").GetProperty("optionId").GetString().ShouldBe("reject");
        await _world.Surface.Shows("permission:", "npm test: Deny expired");
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

    /// <summary>A delivery whose acknowledgement may be cut off by the crash.</summary>
    private Task Unheard(Task delivery) => Task.WhenAny(delivery, _world.Life.Died);

    private async Task Agree(ScriptedAgent agent, string permission)
    {
        await _world.Surface.Shows("permission:", permission);
        agent.Answers.ShouldBe(1);
        _world.Surface.Messages.Count(m => m.Key.StartsWith("permission:", StringComparison.Ordinal)).ShouldBe(1);
        _world.Events().OfType<SessionEvent.PermissionAsked>().Count().ShouldBe(1);
        _world.Events().OfType<SessionEvent.PermissionDecided>().Count().ShouldBe(1);
    }
}
