using Bots.Tests.Surfaces;
using Bots.Simulators.Slack;
using Bots.Tests.EndToEnd;

namespace Bots.Tests.Rates;

/// <summary>A Slack that keeps its limits, and agents that have much to say.</summary>
public sealed class SlackBurstTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Two_hundred_events_in_a_minute_cause_no_refusal_questions_do_not_wait_and_the_end_is_shown()
    {
        await using var world = await SurfaceWorld.Start();
        var works = new List<Work>();
        for (var i = 0; i < 4; i++) works.Add(await world.Working(world.Thread(world.Slack.SayQuietly(SurfaceWorld.Ana, SurfaceWorld.Channel, $"thread {i}").Ts)));
        await world.PassUntil(() => Bots(world).Count == 4);

        for (var i = 0; i < 200; i++)
        {
            await works[i % 4].Say($"word{i} ");
            world.Clock.Advance(Minute / 200);
        }

        var asked = world.Clock.GetUtcNow();
        foreach (var work in works.Take(3)) await work.Ask("npm test");
        await world.Until(() => Bots(world).Count(m => Installation.HasButton(m, "approve_once")) == 3);
        world.Clock.GetUtcNow().ShouldBe(asked);

        foreach (var work in works) await work.End();
        await world.PassUntil(() => Bots(world).Count(m => !Installation.HasButton(m, "stop") && !Installation.HasButton(m, "approve_once") && m.Everything.Contains("word19", StringComparison.Ordinal)) == 4);

        ShouldRefuseNone(world);
        var edits = world.Slack.Calls.Where(c => c.Method == "chat.update").Select(c => c.At).ToList();
        edits.Count.ShouldBeGreaterThan(30);
        edits.Max(from => edits.Count(at => at >= from && at < from + Minute)).ShouldBeLessThanOrEqualTo(54, "50, and those under way");
        Bots(world).Count.ShouldBe(4 + 3);
    }

    [Fact]
    public async Task Many_posts_in_one_channel_are_spread_over_time_and_none_is_refused()
    {
        await using var world = await SurfaceWorld.Start();
        var start = world.Clock.GetUtcNow();
        for (var i = 0; i < 12; i++) await world.Working(world.Thread(world.Slack.SayQuietly(SurfaceWorld.Ana, SurfaceWorld.Channel, $"thread {i}").Ts));

        await world.Until(() => Bots(world).Count == 4);
        await world.Clock.Armed(TimeSpan.FromSeconds(1));
        Bots(world).Count.ShouldBe(4);
        await world.PassUntil(() => Bots(world).Count == 12);

        ShouldRefuseNone(world);
        var posts = world.Slack.Calls.Where(c => c.Method == "chat.postMessage").Select(c => c.At).ToList();
        posts.Skip(4).Select((at, n) => at - start >= TimeSpan.FromSeconds(n + 1)).ShouldAllBe(late => late);
    }

    /// <summary>A call that is under way has no status yet.</summary>
    private static void ShouldRefuseNone(SurfaceWorld world) => world.Slack.Calls.ShouldAllBe(c => c.Status == null || c.Status == 200);

    private static List<SlackMessage> Bots(SurfaceWorld world) => [.. world.Slack.Messages(SurfaceWorld.Channel).Where(m => m.User == world.Slack.Options.BotUserId)];
}
