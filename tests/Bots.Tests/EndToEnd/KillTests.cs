using Bots.Simulators.Models;
using Bots.Simulators.Slack;
using static Bots.Tests.EndToEnd.Installation;

namespace Bots.Tests.EndToEnd;

/// <summary>The service is killed with SIGKILL and started again: what was accepted is answered, and answered once.</summary>
public sealed class KillTests
{
    [Fact]
    public async Task Killed_between_accept_and_reply_the_prompt_runs_and_the_answer_arrives_once()
    {
        await using var world = await Prepare(ModelScript.On("say hello", ModelStep.Say("Hello to you.")));
        var first = await ServiceProcess.Start(world);
        var release = new TaskCompletionSource();
        world.Slack.Fail("reactions.add", SlackFault.Hold(release.Task), 1);

        await world.Mention("say hello");
        await world.Slack.WaitForState(() => world.Slack.Calls.Any(c => c.Method == "reactions.add"), Patience);
        await first.Kill();
        release.SetResult();
        await using var second = await ServiceProcess.Start(world);
        await world.Says("Hello to you.");
        await world.Slack.WaitForState(() => world.Slack.Messages(Channel).All(m => !HasButton(m, "stop")), Patience);

        world.Slack.Messages(Channel).Count(m => m.User == world.Slack.Options.BotUserId).ShouldBe(1);
    }

    [Fact]
    public async Task Killed_in_the_middle_of_a_turn_the_agent_goes_on_and_the_answer_arrives_once()
    {
        await using var world = await Prepare(Sample.Run("run it", "echo one >> count.txt", "It has run."));
        var first = await ServiceProcess.Start(world);

        await world.Mention("run it");
        var question = await world.Button("approve_once");
        await first.Kill();
        await using var second = await ServiceProcess.Start(world);
        await world.Slack.Click(Ben, Channel, question.Ts, "approve_once");
        var final = await world.Says("1 file");

        Shown(final).ShouldContain("It has run.");
        Shown(final).ShouldContain("+1 −0 in 1 file");
        var branch = world.GitHub.PullRequests(Calculator).Single().Pull!.HeadBranch;
        (await world.GitHub.Git(Calculator, "show", $"{branch}:count.txt")).ShouldBe("one");
        world.Models.Requests.Count(r => r.Turn == 0).ShouldBe(1);
        world.Slack.Messages(Channel).Count(m => m.User == world.Slack.Options.BotUserId).ShouldBe(2);
    }
}
