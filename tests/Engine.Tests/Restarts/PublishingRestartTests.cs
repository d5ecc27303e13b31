using Bots.Engine.Sessions;
using Bots.Engine.Tests.World;
using Dapper;

namespace Bots.Engine.Tests.Restarts;

/// <summary>The service ends after the agent's part and before the platform's is done.</summary>
public sealed class PublishingRestartTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync()
    {
        _world.Sandboxes.Make = agent => agent.Git = Git.Changed;
        await _world.Start();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task After_the_agents_answer_the_work_is_published_once()
    {
        var agent = await CrashOnce("SELECT COUNT(*) FROM prompts WHERE stop_reason IS NOT NULL");
        agent.Executed.ShouldNotContain(e => Git.IsPush(e));

        await _world.Start();

        await Published();
        agent.Executed.Count(Git.IsPush).ShouldBe(1);
        agent.Count("session/prompt").ShouldBe(1);
    }

    [Fact]
    public async Task After_the_push_was_recorded_it_is_not_recorded_again()
    {
        await CrashOnce("""SELECT COUNT(*) FROM session_events WHERE data LIKE '%"changes.pushed"%'""");

        await _world.Start();

        await Published();
    }

    [Fact]
    public async Task A_pull_request_whose_opening_was_never_answered_is_found()
    {
        _world.Forge.Answering = () => Fence.Never<bool>();
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        agent.End(await agent.Prompted());
        await _world.Until(() => _world.Forge.Opened.Count == 1);
        _world.Crash();
        _world.Forge.Answering = () => Task.CompletedTask;

        await _world.Start();

        await Published();
    }

    [Fact]
    public async Task A_sandbox_that_died_meanwhile_is_replaced_to_publish_what_is_in_the_workspace()
    {
        var first = await CrashOnce("SELECT COUNT(*) FROM prompts WHERE stop_reason IS NOT NULL");
        await _world.Sandboxes.Stop(first.Sandbox, CancellationToken.None);

        await _world.Start();

        await Published();
        var second = _world.Sandboxes.All[1];
        second.Executed.Count(Git.IsPush).ShouldBe(1);
        second.Count("session/prompt").ShouldBe(0);
        _world.View().Prompts[0].Notes.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_people_should_know_of_the_end_is_noted_once()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        await _world.CrashOnce(db => db.QuerySingle<long>("SELECT COUNT(*) FROM prompts WHERE stop_reason IS NOT NULL") == 1, () =>
        {
            agent.End(prompt, "max_tokens");
            return Task.CompletedTask;
        });

        await _world.Start();

        await Published();
        _world.View().Prompts[0].Notes.ShouldBe(["The agent stopped because it reached the model's limit of tokens."]);
    }

    private async Task<ScriptedAgent> CrashOnce(string query)
    {
        await _world.Ask("fix it");
        ScriptedAgent? agent = null;
        await _world.CrashOnce(db => db.QuerySingle<long>(query) > 0, async () =>
        {
            await _world.Until(() => !_world.Sandboxes.All.IsEmpty);
            agent = _world.Sandboxes.All[0];
            agent.End(await agent.Prompted());
        });
        return agent!;
    }

    private async Task Published()
    {
        await _world.Surface.Shows("prompt:", "Completed");
        _world.Forge.Opened.Count.ShouldBe(1);
        _world.Events().OfType<SessionEvent.ChangesPushed>().Count().ShouldBe(1);
        _world.Events().OfType<SessionEvent.PullRequestOpened>().Count().ShouldBe(1);
        _world.Events().OfType<SessionEvent.PromptFinished>().Count().ShouldBe(1);
        _world.View().Conversations.Count.ShouldBe(2);
    }
}
