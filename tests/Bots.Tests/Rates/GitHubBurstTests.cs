using Bots.Tests.Surfaces;
using Bots.GitHub;
using Bots.Simulators.GitHub.Faults;
using Bots.Engine;

namespace Bots.Tests.Rates;

/// <summary>A GitHub that counts what is written.</summary>
public sealed class GitHubBurstTests
{
    [Fact]
    public async Task What_twelve_agents_say_in_a_minute_is_written_within_the_limits_and_questions_do_not_wait()
    {
        await using var world = await SurfaceWorld.Start();
        var works = new List<Work>();
        for (var i = 0; i < 12; i++) works.Add(await world.Working(Conversation(world, $"topic {i}")));
        await world.PassUntil(() => Comments(world).Count == 12);

        for (var i = 0; i < 240; i++)
        {
            await works[i % 12].Say($"word{i} ");
            world.Clock.Advance(TimeSpan.FromMilliseconds(250));
        }

        var asked = world.Clock.GetUtcNow();
        await works[0].Ask("npm test");
        await works[1].Ask("npm test");
        await world.Until(() => Comments(world).Count(c => c.Contains("May I run this?", StringComparison.Ordinal)) == 2);
        world.Clock.GetUtcNow().ShouldBe(asked);

        foreach (var work in works) await work.End();
        await world.PassUntil(() => Comments(world).Count(c => c.Contains("**Done**", StringComparison.Ordinal)) == 12);
        world.GitHub.Calls.ShouldAllBe(c => c.Status < 300);
        var writes = world.GitHub.Calls.Where(c => c.Method == "PATCH" || c.Path.EndsWith("/comments", StringComparison.Ordinal)).Select(c => c.At).ToList();
        writes.Max(from => writes.Count(at => at >= from && at < from.AddMinutes(1))).ShouldBeLessThan(80);
        Comments(world).Count.ShouldBe(12);
    }

    [Fact]
    public async Task A_secondary_limit_closes_the_account_over_a_restart_and_everything_is_written_once_afterwards()
    {
        await using var world = await SurfaceWorld.Start();
        world.GitHub.Fail("POST /repos/*/*/issues/*/comments", Fault.SecondaryRateLimit(TimeSpan.FromHours(1)));
        await world.Working(Conversation(world, "one"));
        await world.Until(() => Posts(world) == 1);
        await world.Clock.Armed(TimeSpan.FromSeconds(10));

        world.Clock.Advance(TimeSpan.FromMinutes(20));
        await world.Restart();
        await world.Working(Conversation(world, "two"));
        await world.PassUntil(() => world.Clock.GetUtcNow().Minute >= 59);
        Posts(world).ShouldBe(1);

        await world.PassUntil(() => Comments(world, 2).Count == 2 && Posts(world) >= 3);
        Posts(world).ShouldBe(3);
        world.Clock.GetUtcNow().Hour.ShouldBe(13);
    }

    private static ConversationKey Conversation(SurfaceWorld world, string title) =>
        new(GitHubSurface.SurfaceName, $"{SurfaceWorld.Calculator}#{world.GitHub.OpenIssue("ana", SurfaceWorld.Calculator, title, "x").Number}");

    private static int Posts(SurfaceWorld world) => world.GitHub.Calls.Count(c => c.Method == "POST" && c.Path.EndsWith("/comments", StringComparison.Ordinal));

    private static List<string> Comments(SurfaceWorld world, int issues = 12) =>
        [.. Enumerable.Range(1, issues).SelectMany(n => world.GitHub.Comments(SurfaceWorld.Calculator, n)).Select(c => c.Body)];
}
