using Bots.Tests.Surfaces;
using Bots.Simulators.Slack;
using Dapper;

namespace Bots.Tests.Rates;

/// <summary>Slack asks to be left alone for an hour and a minute, and the service is restarted in the middle of it.</summary>
public sealed class RetryAfterTests
{
    /// <summary>As nothing else here waits: a timer that is due in this time waits for Slack.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(61);

    private static readonly TimeSpan SomeMinutes = TimeSpan.FromMinutes(20);

    [Fact]
    public async Task Nobody_posts_for_an_hour_over_a_restart_and_then_everything_is_posted_once()
    {
        await using var world = await SurfaceWorld.Start();
        world.Slack.Fail("chat.postMessage", SlackFault.RateLimited(Pause));
        var first = await world.Mention("one");
        await world.Until(() => Calls(world, "chat.postMessage") == 1 && Seen(world, first));
        var second = await world.Mention("two");
        await world.Until(() => Seen(world, second));
        await world.Clock.Armed(Pause);

        world.Clock.Advance(SomeMinutes);
        await world.Restart();
        var third = await world.Mention("three");
        await world.Until(() => Seen(world, third));
        Calls(world, "chat.postMessage").ShouldBe(1);
        await world.Clock.Armed(Pause - SomeMinutes);

        world.Clock.Advance(Pause - SomeMinutes);
        await world.PassUntil(() => Answers(world).Count == 3 && Calls(world, "chat.postMessage") >= 4);
        Calls(world, "chat.postMessage").ShouldBe(4);
        Answers(world).Order().ShouldBe([first, second, third]);
    }

    [Fact]
    public async Task Who_asks_while_nobody_may_be_looked_up_is_told_and_taken_in_an_hour_later_over_a_restart()
    {
        await using var world = await SurfaceWorld.Start();
        world.Slack.Fail("users.info", SlackFault.RateLimited(Pause));
        var asked = await world.Mention("one");
        await world.Until(() => world.Slack.Messages(SurfaceWorld.Channel).Any(m => m.ThreadTs == asked && m.Text.Contains("from 13:01 UTC on", StringComparison.Ordinal)));

        world.Clock.Advance(SomeMinutes);
        await world.Restart();
        await world.Clock.Armed(Pause - SomeMinutes);
        Calls(world, "users.info").ShouldBe(1);
        world.Store.Read(db => db.QuerySingle<string>("SELECT state FROM deliveries")).ShouldBe("pending");

        world.Clock.Advance(Pause - SomeMinutes);
        await world.Until(() => Seen(world, asked) && Answers(world).Count == 2);
        world.Store.Read(db => db.QuerySingle<long>("SELECT COUNT(*) FROM prompts")).ShouldBe(1);
    }

    private static int Calls(SurfaceWorld world, string method) => world.Slack.Calls.Count(c => c.Method == method);

    private static bool Seen(SurfaceWorld world, string ts) => world.Slack.Message(SurfaceWorld.Channel, ts)!.Reactions.Any(r => r.Name == "eyes");

    /// <summary>The threads that the bot posted in.</summary>
    private static List<string?> Answers(SurfaceWorld world) =>
        [.. world.Slack.Messages(SurfaceWorld.Channel).Where(m => m.User == world.Slack.Options.BotUserId).Select(m => m.ThreadTs)];
}
