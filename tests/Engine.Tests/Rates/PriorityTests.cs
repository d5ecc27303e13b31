using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Surfaces;
using Bots.Engine.Tests.World;

namespace Bots.Engine.Tests.Rates;

/// <summary>A surface that takes few edits.</summary>
public sealed class PriorityTests : IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Progress_that_has_to_wait_holds_up_no_question_and_shows_the_latest_when_its_turn_comes()
    {
        var until = _world.Clock.GetUtcNow() + Minute;
        var (agent, _) = await Running();
        _world.Surface.Admitting = (message, isEdit) => isEdit && !message.Urgent && _world.Clock.GetUtcNow() < until ? until - _world.Clock.GetUtcNow() : TimeSpan.Zero;
        var edits = _world.Surface.Count("edit", "prompt:");
        foreach (var word in (string[])["one ", "two ", "three"])
        {
            agent.Say(word);
            agent.Plan();
        }

        agent.Ask("npm test");
        await _world.Surface.Shows("permission:", "npm test: open");
        await _world.Answer(PermissionDecision.AllowOnce);
        await _world.Surface.Shows("permission:", "npm test: AllowOnce Ben");
        _world.Surface.Count("edit", "prompt:").ShouldBe(edits);

        await _world.Pass(TimeSpan.FromSeconds(10), _world.Surface.Shows("prompt:", "Running one two three"));
        _world.Surface.Count("edit", "prompt:").ShouldBe(edits + 1);
    }

    [Fact]
    public async Task Messages_behind_one_that_waits_to_be_posted_wait_too_so_that_they_stand_in_order()
    {
        var until = _world.Clock.GetUtcNow() + Minute;
        _world.Surface.Admitting = (message, isEdit) => !isEdit && message.Key.StartsWith("prompt:", StringComparison.Ordinal) && _world.Clock.GetUtcNow() < until ? until - _world.Clock.GetUtcNow() : TimeSpan.Zero;
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        await agent.Prompted();
        agent.Ask("npm test");
        await _world.Logged<SessionEvent.PermissionAsked>();

        await _world.Pass(TimeSpan.FromSeconds(10), _world.Surface.Shows("permission:", "npm test: open"));

        _world.Surface.Messages.Select(m => m.Key.Split(':')[0]).ShouldBe(["prompt", "permission"]);
    }

    [Fact]
    public async Task A_surface_that_limits_edits_for_an_hour_still_shows_questions()
    {
        var (agent, _) = await Running();
        _world.Surface.Fail(SurfaceOutcome.Retry, TimeSpan.FromHours(1));
        agent.Say("one");
        agent.Plan();
        await _world.Until(() => _world.Surface.Calls[^1].Content == "Running one");

        agent.Ask("npm test");

        await _world.Surface.Shows("permission:", "npm test: open");
        _world.Surface.Messages[0].Content.ShouldBe("Running");
    }

    private async Task<(ScriptedAgent Agent, AgentPrompt Prompt)> Running()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        await _world.Surface.Shows("prompt:", "Running");
        return (agent, prompt);
    }
}
