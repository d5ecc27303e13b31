using Bots.Simulators.Models;
using static Bots.Tests.EndToEnd.Installation;

namespace Bots.Tests.EndToEnd;

public sealed class ScheduleJobTests
{
    [Fact]
    public async Task Firings_missed_while_the_service_was_down_run_once_at_start_and_answer_in_a_thread_of_their_channel()
    {
        await using var world = await Prepare(ModelScript.On("morning report", ModelStep.Say("All is well this morning.")), ModelScript.On("say more", ModelStep.Say("More of it.")));
        foreach (var (key, value) in (IEnumerable<(string, string)>)
            [("Name", "morning"), ("Cron", "0 8 * * *"), ("TimeZone", "Europe/Berlin"), ("Repository", Calculator), ("Prompt", "morning report"), ("Channel", "#calc")])
        {
            world.Settings[$"Schedules:0:{key}"] = value;
        }

        await world.StartService();
        await world.StopService();
        world.Slack.Messages(Channel).ShouldBeEmpty();
        world.Clock.Forward(TimeSpan.FromDays(3));
        await world.StartService();
        var answer = await world.Says("All is well this morning.");

        world.Slack.Messages(Channel).Count.ShouldBe(1);
        Shown(answer).ShouldContain("*morning*: morning report");
        await world.Slack.WaitForState(() => world.Slack.Messages(Channel).All(m => !HasButton(m, "stop")), Patience);
        await world.Mention("say more", answer.Ts);
        await world.Says("More of it.");
        world.Slack.Messages(Channel).Count(m => m.ThreadTs == answer.Ts && m.Ts != answer.Ts).ShouldBe(2);
    }
}
