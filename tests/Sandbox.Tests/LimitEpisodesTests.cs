using Bots.Sandbox.Linux;
using Bots.Sandbox.Linux.Disk;

namespace Bots.Sandbox.Tests;

public sealed class LimitEpisodesTests
{
    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_limit_is_told_when_it_is_reached() =>
        LimitEpisodes.Next(ResourceLimit.Memory, null, 3, Start).ShouldBe((new ReachedLimit(ResourceLimit.Memory, 3, Start), true));

    [Fact]
    public void A_limit_that_was_not_reached_is_nothing() => LimitEpisodes.Next(ResourceLimit.Memory, null, 0, Start).ShouldBe((null, false));

    [Theory]
    [InlineData(1, 59, false)]
    [InlineData(1, 60, true)]
    [InlineData(0, 600, false)]
    public void It_is_told_again_only_after_it_was_left_alone_for_a_minute(int more, int seconds, bool told)
    {
        var before = new ReachedLimit(ResourceLimit.Processes, 5, Start);

        LimitEpisodes.Next(ResourceLimit.Processes, before, 5 + more, Start.AddSeconds(seconds)).Tell.ShouldBe(told);
    }

    [Fact]
    public void Files_that_stay_over_their_limit_are_told_of_each_minute()
    {
        ReachedLimit? state = null;
        var told = 0;
        for (var second = 0; second < 600; second++)
        {
            (state, var tell) = LimitEpisodes.Next(ResourceLimit.Disk, state, second + 1, Start.AddSeconds(second));
            if (tell) told++;
        }

        told.ShouldBe(10);
    }

    [Fact]
    public void Whoever_runs_into_it_all_the_time_is_told_of_once()
    {
        ReachedLimit? state = null;
        var told = 0;
        for (var second = 0; second < 600; second++)
        {
            (state, var tell) = LimitEpisodes.Next(ResourceLimit.Processes, state, 1 + (second * 1000), Start.AddSeconds(second));
            if (tell) told++;
        }

        told.ShouldBe(1);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(-5, 2)]
    [InlineData(2_000_000_000, 3)]
    [InlineData(long.MaxValue, 30)]
    public void A_disk_with_much_room_left_is_measured_less_often(long room, double seconds) => DiskMeter.Pause(room).ShouldBe(TimeSpan.FromSeconds(seconds));
}
