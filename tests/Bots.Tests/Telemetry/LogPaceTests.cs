using Bots.Telemetry;

namespace Bots.Tests.Telemetry;

public sealed class LogPaceTests
{
    [Fact]
    public void A_flood_is_one_line_in_ten_seconds_that_tells_how_many_others_there_were()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UnixEpoch);
        var pace = new LogPace(clock);
        pace.Admits(out var unsaid).ShouldBeTrue();
        unsaid.ShouldBe(0);

        for (var more = 0; more < 1000; more++) pace.Admits(out _).ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(9.9));
        pace.Admits(out _).ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(0.1));

        pace.Admits(out unsaid).ShouldBeTrue();
        unsaid.ShouldBe(1001);
        pace.Admits(out _).ShouldBeFalse();
    }
}
