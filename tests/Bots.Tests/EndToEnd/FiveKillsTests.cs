using System.Text.Json.Nodes;
using Bots.Simulators.GitHub.Faults;
using Bots.Simulators.Models;
using Bots.Simulators.Slack;
using static Bots.Tests.EndToEnd.Installation;

namespace Bots.Tests.EndToEnd;

/// <summary>
/// The service is killed and started again five times within one turn. The real agent in its sandbox works on as if nothing had
/// happened, and people see one answer.
/// </summary>
public sealed class FiveKillsTests
{
    private const string First = "Let me run something.";
    private const string Last = "It has run, **once**.";

    /// <summary>Waits at named pipes, so that each kill comes at its moment.</summary>
    private const string Command = "cd .git; echo once >> ../ran.txt; echo > begun; cat go >/dev/null; seq -f 'line %g' 100; echo > half; cat on >/dev/null; seq -f 'line %g' 101 200";

    private static readonly ModelScript Script = ModelScript.On(
        "^run it",
        ModelStep.Say(First).AndCall("bash", new JsonObject { ["command"] = Command, ["description"] = "Runs it" }).After("thinking"),
        ModelStep.Say(Last));

    [Fact]
    public async Task Killed_five_times_in_one_turn_nothing_is_lost_or_doubled_and_the_agent_never_notices()
    {
        await using var world = await Prepare(Script);
        var (published, posted) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.GitHub.Fail("POST /repos/*/*/pulls", Fault.Hold(published.Task));
        var service = await ServiceProcess.Start(world);
        try
        {
            await world.Mention("run it");

            // While the model thinks.
            await world.Models.Reached("thinking", Patience);
            await world.Button("stop");
            var sandbox = await Sandboxed.Of(world, "begun", "go", "half", "on");
            var agent = sandbox.Agent();
            await Restart(() => world.Models.Release("thinking"));

            // The question is stored and posted, but nobody heard yet that it is.
            world.Slack.Fail("chat.postMessage", SlackFault.Hold(posted.Task, afterEffect: true), 1);
            var question = await world.Button("approve_once");
            await Restart(posted.SetResult);
            await world.Slack.Click(Ben, Channel, question.Ts, "approve_once");

            // While the command runs.
            await sandbox.Read("begun");
            await Restart();
            await sandbox.Write("go");

            // While its output flows. The rest of it comes when nobody listens.
            await sandbox.Read("half");
            await service.Kill();
            await sandbox.Write("on");
            service = await ServiceProcess.Start(world);

            // While it is published.
            await world.Says("pushing the branch");
            await Restart(published.SetResult);
            var final = await world.Says("1 file");
            sandbox.Agent().ShouldBe(agent);
            agent.ShouldNotBeEmpty();

            Shown(final).ShouldContain("It has run");
            await Judge(world);
        }
        finally
        {
            await service.DisposeAsync();
        }

        async Task Restart(Action? meanwhile = null)
        {
            await service.Kill();
            meanwhile?.Invoke();
            service = await ServiceProcess.Start(world);
        }
    }

    private static async Task Judge(Installation world)
    {
        var log = StoredLog.Of(world);
        log.Entries.Select(entry => entry.Sequence).ShouldBe(Enumerable.Range(1, log.Entries.Count).Select(n => (long)n));
        log.Text.ShouldBe(First + Last);
        foreach (var once in (string[])["session.opened", "prompt.queued", "prompt.started", "permission.asked", "permission.decided", "changes.pushed", "pull_request.opened", "prompt.finished"])
            log.OfType(once).Count().ShouldBe(1, once);
        log.OfType("note").ShouldBeEmpty();

        world.Models.Requests.SelectMany(r => r.Results).Last().Text.ShouldContain(string.Join('\n', Enumerable.Range(1, 200).Select(n => $"line {n}")));
        world.Models.Problems.ShouldBeEmpty();
        world.Slack.Messages(Channel).Count(m => m.User == world.Slack.Options.BotUserId).ShouldBe(2);
        var branch = world.GitHub.PullRequests(Calculator).Single().Pull!.HeadBranch;
        (await world.GitHub.Git(Calculator, "show", $"{branch}:ran.txt")).ShouldBe("once");
    }
}
