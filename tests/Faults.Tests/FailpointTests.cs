using Bots.Faults.Plan;
using Bots.Faults.World;

namespace Bots.Faults.Tests;

[Collection("one service at a time")]
public sealed class FailpointTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_service_ends_at_the_point_it_is_told_and_what_it_had_stored_is_not_stored_twice()
    {
        await using var world = await Surroundings.Start();
        var killed = world.Service.KillAt("after commit Inbox.Append", 1, Patience);
        var (_, events) = world.Slack.SayQuietly(RunPlan.People[0], Surroundings.Channel, $"<@{world.Slack.Options.BotUserId}> job c1-1: say");
        while (!killed.IsCompleted)
        {
            await world.Slack.Deliver(events[0]);
            await Task.WhenAny(killed, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken));
        }

        (await killed).ShouldBeTrue();
        (await File.ReadAllTextAsync(world.ServiceLog, TestContext.Current.CancellationToken)).ShouldContain("FAILPOINT after commit Inbox.Append");

        await world.Service.Start();
        (await world.Slack.Deliver(events[0])).IsTaken.ShouldBeTrue();
        await world.Slack.WaitFor(Surroundings.Channel, m => m.Text.Contains("Answer of c1-1.", StringComparison.Ordinal), Patience);
        world.Slack.Messages(Surroundings.Channel).Count(m => m.BotId is not null && m.Text.Contains("Answer of c1-1.", StringComparison.Ordinal)).ShouldBe(1);
        await world.Service.Stop();
    }
}
