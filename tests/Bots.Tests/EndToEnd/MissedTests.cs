using Bots.Engine.Storage;
using Bots.Simulators.Models;
using Dapper;
using static Bots.Tests.EndToEnd.Installation;

namespace Bots.Tests.EndToEnd;

/// <summary>What people write while the service is away is answered once it is back, and answered once.</summary>
public sealed class MissedTests
{
    [Fact]
    public async Task A_comment_made_while_the_service_was_away_is_answered_once_and_a_late_redelivery_is_dropped()
    {
        await using var world = await Prepare(ModelScript.On("say hello", ModelStep.Say("Hello to you.")));
        await RunForAMoment(world);
        await world.GitHub.Commit(Calculator, "topic", new Dictionary<string, string?> { ["NOTES.md"] = "notes\n" }, "Add notes", "ana");
        var number = (await world.GitHub.OpenPullRequest("ana", Calculator, "Add notes", "Some notes", "topic")).Number;

        world.GitHub.Comment("ana", Calculator, number, "@bots say hello");
        await world.GitHub.WaitForDeliveries(Patience);
        var failed = world.GitHub.Deliveries.Single(d => d.Event == "issue_comment");
        failed.Succeeded.ShouldBeFalse();
        await world.StartService();
        await world.Comments(number, "Hello to you.");

        world.GitHub.Redeliver(failed);
        await world.GitHub.WaitForDeliveries(Patience);
        var attempts = world.GitHub.Deliveries.Where(d => d.Guid == failed.Guid).ToList();
        attempts.Select(d => d.Succeeded).ShouldBe([false, true, true]);
        world.Store.Read(db => db.QuerySingle<long>("SELECT COUNT(*) FROM deliveries WHERE delivery_id = @id", new { id = failed.Guid.ToString() })).ShouldBe(1);
        world.Store.Read(db => db.QuerySingle<long>("SELECT COUNT(*) FROM prompts")).ShouldBe(1);
        world.GitHub.Comments(Calculator, number).Count(c => c.Author.Login == world.GitHub.Bot.Login).ShouldBe(1);
        world.Models.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Mentions_and_answers_written_while_the_service_was_away_are_answered_once_and_their_late_events_are_dropped()
    {
        await using var world = await Prepare(
            ModelScript.On("say hello", ModelStep.Say("Hello to you.")), ModelScript.On("say more", ModelStep.Say("More of it.")), ModelScript.On("say other", ModelStep.Say("Something other.")));
        await world.StartService();
        var asked = await world.Mention("say hello");
        await world.Says("Hello to you.");
        await world.Slack.WaitForState(() => world.Slack.Messages(Channel).All(m => !HasButton(m, "stop")), Patience);
        await world.StopService();

        var (_, answer) = world.Slack.SayQuietly(Ana, Channel, "say more", asked);
        var (other, mention) = world.Slack.SayQuietly(Ben, Channel, $"<@{world.Slack.Options.BotUserId}> say other");
        var (_, idle) = world.Slack.SayQuietly(Ben, Channel, "lunch?");
        await world.StartService();
        (await world.Says("More of it.")).ThreadTs.ShouldBe(asked);
        (await world.Says("Something other.")).ThreadTs.ShouldBe(other);
        await world.Slack.WaitForState(() => world.Slack.Messages(Channel).All(m => !HasButton(m, "stop")), Patience);

        foreach (var late in answer.Concat(mention).Concat(idle)) (await world.Slack.Deliver(late, 2, "connection_failed")).Status.ShouldBe(200);
        await world.Mention("say hello", asked, Ben);
        await world.Slack.WaitForState(() => world.Slack.Messages(Channel).Count(m => Shown(m).Contains("Hello to you.", StringComparison.Ordinal) && !HasButton(m, "stop")) == 2, Patience);

        world.Models.Requests.Count.ShouldBe(4);
        world.Slack.Messages(Channel).Count(m => m.User == world.Slack.Options.BotUserId).ShouldBe(4);
        world.Slack.Messages(Channel).Count(m => Shown(m).Contains("More of it.", StringComparison.Ordinal)).ShouldBe(1);
    }

    /// <summary>Until it has looked around once: only later is there anything it can have missed.</summary>
    private static async Task RunForAMoment(Installation world)
    {
        await world.StartService();
        await world.Store.Write(write => write.Db.Execute(
            "INSERT INTO missed_looks (surface, until) VALUES ('github', @now) ON CONFLICT DO NOTHING", new { now = world.Clock.GetUtcNow().ToUnixTimeMilliseconds() }));
        await world.StopService();
    }
}
