using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Tests.World;

namespace Bots.Engine.Tests.Surfaces;

/// <summary>A surface that takes one edit a second.</summary>
public sealed class EditIntervalTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync()
    {
        _world.Surface.EditInterval = Second;
        await _world.Start();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Many_events_become_one_edit_a_second()
    {
        var (agent, _) = await JustEdited();
        var edits = _world.Surface.Count("edit", "prompt:");
        foreach (var word in (string[])["two ", "three ", "four"]) Say(agent, word);
        await _world.Until(() => _world.View().Prompts[0].Answer == "one two three four");
        await _world.Clock.Armed(Second);
        _world.Surface.Count("edit", "prompt:").ShouldBe(edits);

        _world.Clock.Advance(Second);

        await _world.Surface.Shows("prompt:", "Running one two three four");
        _world.Surface.Count("edit", "prompt:").ShouldBe(edits + 1);
    }

    [Fact]
    public async Task An_edit_is_held_back_no_longer_when_somebody_sets_the_clock_back()
    {
        _world.Clock.Shift = TimeSpan.FromDays(2);
        var (agent, _) = await JustEdited();
        Say(agent, "two");
        await _world.Until(() => _world.View().Prompts[0].Answer == "one two");
        await _world.Clock.Armed(Second);

        _world.Clock.Shift = TimeSpan.Zero;
        _world.Clock.Advance(Second);

        await _world.Surface.Shows("prompt:", "Running one two");
    }

    [Fact]
    public async Task A_permission_request_and_its_decision_do_not_wait()
    {
        var (agent, _) = await JustEdited();
        agent.Ask("npm test");
        await _world.Surface.Shows("permission:", "npm test: open");

        await _world.Answer(PermissionDecision.AllowOnce);

        await _world.Surface.Shows("permission:", "npm test: AllowOnce Ben");
    }

    [Fact]
    public async Task The_end_does_not_wait()
    {
        var (agent, prompt) = await JustEdited();
        agent.End(prompt);

        await _world.Surface.Shows("prompt:", "Completed one");
    }

    private async Task<(ScriptedAgent Agent, AgentPrompt Prompt)> JustEdited()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        await _world.Pass(Second, _world.Surface.Shows("prompt:", "Running"));
        Say(agent, "one ");
        await _world.Pass(Second, _world.Surface.Shows("prompt:", "Running one"));
        return (agent, prompt);
    }

    private static void Say(ScriptedAgent agent, string text)
    {
        agent.Say(text);
        agent.Plan();
    }
}
