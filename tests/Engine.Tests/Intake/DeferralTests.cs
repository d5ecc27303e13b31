using Bots.Engine.Forges;
using Bots.Engine.Intake;
using Bots.Engine.Surfaces;
using Bots.Engine.Tests.World;
using Dapper;

namespace Bots.Engine.Tests.Intake;

/// <summary>What is needed to take a delivery in may not be asked for a while.</summary>
public sealed class DeferralTests : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData(Ending.Stop)]
    [InlineData(Ending.Crash)]
    public async Task A_request_waits_for_an_hour_if_it_has_to_and_who_asked_is_told(Ending? restart)
    {
        var until = _world.Clock.GetUtcNow() + Hour;
        _world.Reader.Failure = () => _world.Clock.GetUtcNow() < until ? new SurfaceException(SurfaceOutcome.Retry, "too often", until - _world.Clock.GetUtcNow()) { IsLimit = true } : null;
        await _world.Ask("fix it");
        var told = await _world.Surface.Shows("notice:fake:d1:deferred", _ => true);
        told.Content.ShouldContain("from 13:00 UTC on");

        _world.Clock.Advance(Hour / 2);
        if (restart is { } ending) await _world.Restart(ending);
        await _world.Clock.Armed(Hour / 2);
        _world.Reader.Reads.Count.ShouldBe(1);
        _world.Clock.Advance(Hour / 2);

        await _world.Surface.Shows("prompt:", text => text.StartsWith("Running", StringComparison.Ordinal));
        _world.Surface.Messages.Count.ShouldBe(2);
        _world.Store.Read(db => db.QuerySingle<long>("SELECT attempts FROM deliveries")).ShouldBe(0);
    }

    [Fact]
    public async Task Who_waits_for_a_moment_only_is_told_nothing()
    {
        var until = _world.Clock.GetUtcNow() + TimeSpan.FromSeconds(5);
        _world.Reader.Failure = () => _world.Clock.GetUtcNow() < until ? new ForgeException("too often", transient: true) { RetryAfter = TimeSpan.FromSeconds(5) } : null;
        await _world.Ask("fix it");
        await _world.Clock.Armed(TimeSpan.FromSeconds(5));
        _world.Clock.Advance(TimeSpan.FromSeconds(5));

        await _world.Surface.Shows("prompt:", text => text.StartsWith("Running", StringComparison.Ordinal));
        _world.Surface.Messages.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_told_late_is_not_told_once_it_is_no_longer_true()
    {
        var until = _world.Clock.GetUtcNow() + Hour;
        _world.Surface.Admitting = (message, _) => message.Key.EndsWith(":deferred", StringComparison.Ordinal) ? TimeSpan.FromHours(2) : TimeSpan.Zero;
        _world.Reader.Failure = () => _world.Clock.GetUtcNow() < until ? new SurfaceException(SurfaceOutcome.Retry, "too often", until - _world.Clock.GetUtcNow()) { IsLimit = true } : null;
        await _world.Ask("fix it");
        await _world.Clock.Armed(Hour);
        _world.Clock.Advance(Hour);

        await _world.Surface.Shows("prompt:", text => text.StartsWith("Running", StringComparison.Ordinal));
        _world.Store.Read(db => db.QuerySingle<long>("SELECT COUNT(*) FROM notices WHERE done = 0")).ShouldBe(0);
        _world.Surface.Messages.Count.ShouldBe(1);
    }

    [Fact]
    public void A_delivery_that_waited_for_a_day_is_given_up_like_any_other()
    {
        var failure = new SurfaceException(SurfaceOutcome.Retry, "too often", Hour) { IsLimit = true };
        var received = _world.Clock.GetUtcNow();
        Deferral.Of(failure, received, received.AddHours(23)).ShouldBe(Hour);
        Deferral.Of(failure, received, received.AddHours(25)).ShouldBeNull();
        Deferral.Of(new SurfaceException(SurfaceOutcome.Retry, "revoked", Hour), received, received).ShouldBeNull();
    }
}
