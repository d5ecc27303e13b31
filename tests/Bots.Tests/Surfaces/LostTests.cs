using Bots.Engine;
using Bots.Engine.Sessions;
using Bots.GitHub;
using Bots.Simulators.Slack;
using Bots.Tests.EndToEnd;

namespace Bots.Tests.Surfaces;

/// <summary>What people delete, archive and close while an agent works.</summary>
public sealed class LostTests
{
    [Theory]
    [InlineData("message_not_found")]
    [InlineData("edit_window_closed")]
    [InlineData("cant_update_message")]
    public async Task In_Slack_the_answer_comes_once_where_the_live_message_is_lost(string error)
    {
        await using var world = await SurfaceWorld.Start();
        var thread = await Thread(world);
        var work = await world.Working(thread);
        await world.PassUntil(() => Bots(world).Count == 1);
        world.Slack.Fail("chat.update", SlackFault.Error(error));
        await work.Say("One. ");
        await world.PassUntil(() => Updates(world) == 1);
        await world.Logged<SessionEvent.Noted>(work);

        await work.Say("Two.");
        await world.Restart();
        await work.End();
        await world.PassUntil(() => Bots(world).Any(m => m.Everything.Contains("One. Two.", StringComparison.Ordinal)));

        Bots(world).Count.ShouldBe(2);
        Updates(world).ShouldBe(1);
    }

    [Fact]
    public async Task An_archived_channel_is_left_alone_and_the_session_says_so()
    {
        await using var world = await SurfaceWorld.Start();
        var work = await world.Working(await Thread(world));
        await world.PassUntil(() => Bots(world).Count == 1);
        world.Slack.Put(world.Slack.Channels.Single(c => c.Id == SurfaceWorld.Channel) with { IsArchived = true });
        await work.Say("One.");
        await world.PassUntil(() => Updates(world) == 1);
        await world.Logged<SessionEvent.ConversationLost>(work);
        await world.Restart();
        await work.End();

        var lost = world.Log.Read(work.Session, 0).Select(e => e.Event).OfType<SessionEvent.ConversationLost>().ShouldHaveSingleItem();
        lost.Why.ShouldContain("is_archived");
        var other = await world.Working(new ConversationKey(GitHubSurface.SurfaceName, $"{SurfaceWorld.Calculator}#{world.GitHub.OpenIssue("ana", SurfaceWorld.Calculator, "x", "x").Number}"));
        await world.PassUntil(() => world.GitHub.Comments(SurfaceWorld.Calculator, 1).Count == 1);
        other.Session.ShouldNotBe(work.Session);
        world.Slack.Calls.Count(c => c.Method.StartsWith("chat.", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task On_GitHub_a_question_and_the_answer_come_once_where_the_comment_was_deleted()
    {
        await using var world = await SurfaceWorld.Start();
        var work = await world.Working(new ConversationKey(GitHubSurface.SurfaceName, $"{SurfaceWorld.Calculator}#{world.GitHub.OpenIssue("ana", SurfaceWorld.Calculator, "x", "x").Number}"));
        await world.PassUntil(() => Comments(world).Count == 1);
        world.GitHub.DeleteComment("ana", SurfaceWorld.Calculator, world.GitHub.Comments(SurfaceWorld.Calculator, 1)[0].Id);
        await work.Say("One.");
        await world.PassUntil(() => world.GitHub.Calls.Any(c => c.Method == "PATCH" && c.Status == 404));
        await world.Logged<SessionEvent.Noted>(work);
        Comments(world).ShouldBeEmpty();

        await work.Ask("npm test");
        await world.PassUntil(() => Comments(world).Any(c => c.Contains("May I run this?", StringComparison.Ordinal)));
        world.GitHub.DeleteComment("ana", SurfaceWorld.Calculator, world.GitHub.Comments(SurfaceWorld.Calculator, 1)[0].Id);
        await work.End();
        await world.PassUntil(() => Comments(world).Any(c => c.Contains("**Done**", StringComparison.Ordinal)));

        Comments(world).ShouldHaveSingleItem().ShouldContain("One.");
    }

    private static Task<ConversationKey> Thread(SurfaceWorld world) => Task.FromResult(world.Thread(world.Slack.SayQuietly(SurfaceWorld.Ana, SurfaceWorld.Channel, "thread").Ts));

    private static int Updates(SurfaceWorld world) => world.Slack.Calls.Count(c => c.Method == "chat.update");

    private static List<SlackMessage> Bots(SurfaceWorld world) => [.. world.Slack.Messages(SurfaceWorld.Channel).Where(m => m.User == world.Slack.Options.BotUserId)];

    private static List<string> Comments(SurfaceWorld world) => [.. world.GitHub.Comments(SurfaceWorld.Calculator, 1).Select(c => c.Body)];
}
