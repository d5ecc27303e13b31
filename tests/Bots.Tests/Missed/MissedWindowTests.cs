using Bots.Missed;

namespace Bots.Tests.Missed;

public sealed class MissedWindowTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(1, 70)]
    [InlineData(24, (24 * 60) + 10)]
    [InlineData(100, 72 * 60)]
    public void It_looks_back_to_a_little_before_the_last_look_and_no_further_than_three_days(int hoursAgo, int minutesBack) =>
        (ManualTime.Noon - MissedWindow.Since(ManualTime.Noon.AddHours(-hoursAgo), ManualTime.Noon)).ShouldBe(TimeSpan.FromMinutes(minutesBack));

    [Fact]
    public void It_looks_every_hour_and_sooner_after_it_has_found_something()
    {
        var pauses = new List<double>();
        var pause = Hour;
        foreach (var found in (int[])[0, 3, 3, 3, 3, 3, 3, 3, 0, 1]) pauses.Add((pause = MissedWindow.Pause(found, pause)).TotalMinutes);

        pauses.ShouldBe([60, 1, 2, 4, 8, 16, 32, 60, 60, 1]);
    }
}
