using Bots.Engine.Tests.World;
using Dapper;

namespace Bots.Engine.Tests.Intake;

public sealed class VisibleEndTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Who_asks_in_vain_is_told_in_the_end()
    {
        _world.Reader.Fails = _ => true;
        await _world.Ask("fix it");

        for (var pause = 1; pause <= 64; pause *= 2)
        {
            await _world.Clock.Armed(TimeSpan.FromSeconds(pause));
            _world.Clock.Advance(TimeSpan.FromSeconds(pause));
        }

        await _world.Surface.Shows("notice:fake:d1:parked", text => text.StartsWith("Sorry", StringComparison.Ordinal));
        _world.Reader.Reads.Count.ShouldBe(8);
    }

    [Fact]
    public async Task A_forge_that_is_away_does_not_hold_up_what_continues_a_session()
    {
        await _world.Ask("fix it");
        await _world.Sandboxes.Started();

        _world.Forge.IsAway = true;
        await _world.Ask("and the tests");

        await _world.Until(() => _world.View().Prompts.Count == 2);
    }

    [Fact]
    public async Task What_is_done_keeps_no_words()
    {
        await _world.Ask("fix it");
        await _world.Sandboxes.Started();

        _world.Store.Read(db => db.QuerySingle<byte[]>("SELECT body FROM deliveries WHERE state = 'done'")).ShouldBeEmpty();
        (await _world.Receive(EngineWorld.Request("fix it"), id: "d1")).ShouldBeFalse();
    }
}
