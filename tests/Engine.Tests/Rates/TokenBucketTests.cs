using Bots.Engine.Rates;

namespace Bots.Engine.Tests.Rates;

public sealed class TokenBucketTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TokenBucket _bucket = new(new RateLimit("posts", Burst: 3, Second, Reserve: 1), Start);

    [Fact]
    public void A_burst_passes_and_then_one_in_each_interval()
    {
        Takes(true, Start, "a", "b", "c").ShouldBe("abc");
        _bucket.Wait("d", true, Start).ShouldBe(Second);
        Takes(true, Start + Second, "d").ShouldBe("d");
        _bucket.Wait("e", true, Start + Second).ShouldBe(Second);
    }

    [Fact]
    public void What_is_not_urgent_leaves_the_reserve_to_what_is()
    {
        Takes(false, Start, "a", "b", "c").ShouldBe("ab");
        _bucket.Wait("c", false, Start).ShouldBe(Second);
        Takes(true, Start, "d").ShouldBe("d");
        _bucket.Wait("c", false, Start).ShouldBe(2 * Second);
    }

    [Fact]
    public void Whoever_waits_for_something_urgent_is_before_everybody_who_does_not()
    {
        Takes(true, Start, "a", "b", "c");
        _bucket.Wait("progress", false, Start).ShouldBe(2 * Second);
        _bucket.Wait("question", true, Start).ShouldBe(Second);
        _bucket.Wait("progress", false, Start).ShouldBe(3 * Second);

        Takes(true, Start + Second, "question").ShouldBe("question");
        _bucket.Wait("progress", false, Start + Second).ShouldBe(2 * Second);
    }

    [Fact]
    public void Among_equals_the_first_to_ask_is_the_first_to_go_however_often_others_ask()
    {
        Takes(true, Start, "a", "b", "c");
        _bucket.Wait("first", true, Start).ShouldBe(Second);
        _bucket.Wait("second", true, Start).ShouldBe(2 * Second);
        _bucket.Wait("second", true, Start + Second).ShouldBe(Second);
        _bucket.Wait("first", true, Start + Second).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Whoever_does_not_come_back_loses_the_place()
    {
        Takes(true, Start, "a", "b", "c");
        _bucket.Wait("first", true, Start);
        _bucket.Wait("second", true, Start);

        _bucket.Wait("second", true, Start + TimeSpan.FromSeconds(4)).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void What_became_urgent_goes_before_what_is_not()
    {
        Takes(true, Start, "a", "b", "c");
        _bucket.Wait("first", false, Start);
        _bucket.Wait("second", false, Start).ShouldBe(3 * Second);
        _bucket.Wait("second", true, Start).ShouldBe(Second);
    }

    [Fact]
    public void A_clock_that_is_set_back_neither_blocks_nor_gives()
    {
        Takes(true, Start, "a", "b", "c");
        _bucket.Wait("d", true, Start - TimeSpan.FromHours(1)).ShouldBe(Second);
        _bucket.Wait("d", true, Start - TimeSpan.FromHours(1) + Second).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void In_no_minute_there_are_more_than_burst_and_intervals_together()
    {
        var bucket = new TokenBucket(new RateLimit("edits", 10, TimeSpan.FromSeconds(1.5), 4), Start);
        var passed = new List<TimeSpan>();
        for (var at = TimeSpan.Zero; at < TimeSpan.FromMinutes(5); at += TimeSpan.FromMilliseconds(100))
        {
            if (bucket.Wait("same", true, Start + at) > TimeSpan.Zero) continue;
            bucket.Spend("same");
            passed.Add(at);
        }

        passed.Max(from => passed.Count(p => p >= from && p < from + TimeSpan.FromMinutes(1))).ShouldBeInRange(45, 50);
    }

    /// <returns>Who got one.</returns>
    private string Takes(bool urgent, DateTimeOffset at, params string[] all) => string.Concat(all.Where(who =>
    {
        if (_bucket.Wait(who, urgent, at) > TimeSpan.Zero) return false;
        _bucket.Spend(who);
        return true;
    }));
}
