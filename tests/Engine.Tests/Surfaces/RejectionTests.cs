using Bots.Engine.Surfaces;
using Bots.Engine.Tests.World;

namespace Bots.Engine.Tests.Surfaces;

public sealed class RejectionTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync()
    {
        _world.Surface.HasPlain = true;
        await _world.Start();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task An_end_that_the_surface_rejects_is_shown_plainly()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        await _world.Surface.Shows("prompt:", "Running");

        _world.Surface.Fail(SurfaceOutcome.Rejected);
        agent.End(prompt);

        await _world.Surface.Shows("prompt:", "plain Completed");
        _world.Surface.Messages.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_message_found_again_and_then_rejected_is_not_posted_twice()
    {
        _world.Surface.Fail(SurfaceOutcome.Unknown, done: true);
        _world.Surface.Fail(SurfaceOutcome.Rejected);
        _world.Surface.Fail(SurfaceOutcome.Rejected);
        await _world.Ask("fix it");
        await _world.Clock.Armed(TimeSpan.FromSeconds(1));
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await _world.Until(() => _world.Surface.Calls.Count(c => c.What == "edit") >= 2);

        agent.End(prompt);

        await _world.Surface.Shows("prompt:", "Completed");
        _world.Surface.Messages.Count.ShouldBe(1);
    }
}
