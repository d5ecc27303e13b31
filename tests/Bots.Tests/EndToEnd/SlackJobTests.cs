using Bots.Simulators.Models;
using Bots.Simulators.Slack;
using static Bots.Tests.EndToEnd.Installation;

namespace Bots.Tests.EndToEnd;

public sealed class SlackJobTests
{
    [Fact]
    public async Task A_mention_becomes_an_edit_an_approved_test_run_a_branch_and_a_pull_request()
    {
        await using var world = await Start(Sample.Fix);

        var asked = await world.Mention("fix the failing test");
        var question = await world.Button("approve_once");
        Shown(question).ShouldContain("npm test");
        question.ThreadTs.ShouldBe(asked);
        await world.Slack.Click(Ben, Channel, question.Ts, "approve_once");
        var final = await world.Says("1 file");

        var opened = world.GitHub.PullRequests(Calculator).Single();
        opened.Pull!.Draft.ShouldBeTrue();
        final.ThreadTs.ShouldBe(asked);
        Shown(final).ShouldContain("it *adds* now");
        Shown(final).ShouldContain("+1 −1 in 1 file");
        Shown(final).ShouldContain($"/pull/{opened.Number}");
        HasButton(final, "stop").ShouldBeFalse();
        world.Slack.Message(Channel, asked)!.Reactions.ShouldContain(r => r.Name == "eyes");
        Shown(world.Slack.Message(Channel, question.Ts)!).ShouldContain($"<@{Ben}>");
        (await Checkout.TestsPass(world, opened.Pull.HeadBranch)).ShouldBeTrue();
        (await world.GitHub.Git(Calculator, "log", "-1", "--format=%an <%ae>%n%b", opened.Pull.HeadBranch)).ShouldContain("Ana <ana@example.com>");
        world.Models.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_denial_with_a_reason_reaches_the_agent_and_nothing_is_changed()
    {
        await using var world = await Start(
            Sample.Run("^empty", "echo gone > src/add.js", "unreachable"),
            ModelScript.On("Permission was denied", ModelStep.Say("Understood, I leave the file alone.")));

        await world.Mention("empty the file");
        var question = await world.Button("deny_with_reason");
        await world.Slack.Click(Ben, Channel, question.Ts, "deny_with_reason");
        await world.Slack.WaitForState(() => world.Slack.OpenViews.Count == 1, Patience);
        var view = world.Slack.OpenViews.Single();
        await world.Slack.SubmitView(Ben, view.Id, new Dictionary<string, string> { [Input(view)] = "we need that file" });
        await world.Says("I leave the file alone");

        world.Models.Requests[^1].Prompt.ShouldContain("we need that file");
        var decided = Shown(world.Slack.Message(Channel, question.Ts)!);
        decided.ShouldContain($"<@{Ben}>");
        decided.ShouldContain("we need that file");
        (await world.GitHub.Branches(Calculator)).Keys.ShouldBe(["main"]);
        world.GitHub.PullRequests(Calculator).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_mention_that_fits_several_repositories_asks_which_and_then_runs()
    {
        await using var world = await Prepare(Sample.Fix);
        await world.GitHub.CreateRepository("acme", "website", new Dictionary<string, string> { ["index.html"] = "<p>" }, false, "Pages");
        await world.StartService();

        await world.Mention("fix it");
        var question = await world.Slack.WaitFor(Channel, m => HasButton(m, "pick_repository"), Patience);
        await world.Slack.Select(Ben, Channel, question.Ts, "pick_repository", Calculator);
        var permission = await world.Button("approve_once");
        await world.Slack.Click(Ana, Channel, permission.Ts, "approve_once");

        await world.Says("1 file");
        Shown(world.Slack.Message(Channel, question.Ts)!).ShouldContain(Calculator);
        world.GitHub.PullRequests(Calculator).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Stop_ends_the_turn_and_what_was_queued_behind_it_runs()
    {
        await using var world = await Start(
            ModelScript.On("take your time", ModelStep.Hang("Thinking very thoroughly.")),
            ModelScript.On("say hello", ModelStep.Say("Hello to you.")));

        var asked = await world.Mention("take your time");
        await world.Says("Thinking very thoroughly");
        await world.Mention("say hello", asked, Ben);
        await world.Says("1 before you");
        var live = await world.Button("stop");
        await world.Slack.Click(Ben, Channel, live.Ts, "stop");

        await world.Says("Hello to you.");
        var stopped = Shown(world.Slack.Message(Channel, live.Ts)!);
        stopped.ShouldContain("Stopped by");
        stopped.ShouldContain($"<@{Ben}>");
    }

    [Fact]
    public async Task A_thread_goes_on_with_its_context_after_its_sandbox_is_gone()
    {
        await using var world = await Start(
            ModelScript.On("remember", ModelStep.Say("I'll remember the number 4711.")),
            ModelScript.On("which number", ModelStep.Say(request => request.Messages.Any(m => m.Text.Contains("4711", StringComparison.Ordinal)) ? "It was 4711 all along." : "I don't know.")));

        var asked = await world.Mention("remember a number");
        await world.Says("I'll remember the number 4711.");
        await world.Slack.WaitForState(() => world.Slack.Messages(Channel).All(m => !HasButton(m, "stop")), Patience);
        await world.StopService();
        Directory.GetFiles(Path.Combine(world.DataDirectory, "sandboxes"), "*.json").ShouldBeEmpty();
        await world.StartService();
        await world.Mention("which number was it?", asked);

        await world.Says("It was 4711 all along.");
    }

    [Fact]
    public async Task One_message_delivered_three_times_twice_at_once_is_one_run_and_one_reply()
    {
        await using var world = await Start(ModelScript.On("say hello", ModelStep.Say("Hello to you.")));

        var (ts, events) = world.Slack.SayQuietly(Ana, Channel, "<@U0BOTUSER0> say hello");
        var deliveries = await Task.WhenAll(events.SelectMany(e => new[] { world.Slack.Deliver(e), world.Slack.Deliver(e) }));
        deliveries.ShouldAllBe(d => d.Status == 200);
        await world.Says("Hello to you.");
        foreach (var late in events) (await world.Slack.Deliver(late, 1, "http_timeout")).Status.ShouldBe(200);
        await world.Mention("say hello", ts, Ben);
        await world.Slack.WaitForState(() => Answers(world) == 2, Patience);

        world.Models.Requests.Count.ShouldBe(2);
        world.Slack.Thread(Channel, ts).Count(m => m.User == world.Slack.Options.BotUserId).ShouldBe(2);
    }

    [Fact]
    public async Task A_model_that_speaks_Anthropics_messages_answers_as_well()
    {
        await using var world = await Prepare(ModelScript.On("say hello", ModelStep.Say("Hello to you.")));
        world.Settings["Models:Providers:claude:Kind"] = "Anthropic";
        world.Settings["Models:Providers:claude:BaseUrl"] = world.Models.BaseUrl.ToString();
        world.Settings["Models:Providers:claude:ApiKey"] = ModelKey;
        world.Settings["Models:Default"] = "claude/scripted";
        await world.StartService();

        await world.Mention("say hello");
        var final = await world.Slack.WaitFor(Channel, m => Shown(m).Contains("Hello to you.", StringComparison.Ordinal) && !HasButton(m, "stop"), Patience);

        Shown(final).ShouldContain("tokens");
        world.Models.Requests.ShouldAllBe(r => r.Protocol == ModelProtocol.AnthropicMessages);
    }

    [Fact]
    public async Task A_guest_is_refused_privately_and_nothing_starts()
    {
        await using var world = await Start();

        await world.Mention("fix it", user: Guest);
        await world.Slack.WaitForState(() => world.Slack.Ephemerals.Any(e => e.User == Guest), Patience);

        world.Slack.Messages(Channel).Count.ShouldBe(1);
        world.Models.Requests.ShouldBeEmpty();
    }

    private static int Answers(Installation world) => world.Slack.Messages(Channel).Count(m => Shown(m).Contains("Hello to you.", StringComparison.Ordinal) && !HasButton(m, "stop"));

    /// <summary>The view's only input, as the simulator names it.</summary>
    private static string Input(SlackView view)
    {
        var block = view.Content.GetProperty("blocks").EnumerateArray().Single(b => b.GetProperty("type").GetString() == "input");
        return block.GetProperty("element").GetProperty("action_id").GetString()!;
    }
}
