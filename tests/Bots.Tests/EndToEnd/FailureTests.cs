using Bots.Simulators.GitHub.Faults;
using Bots.Simulators.Models;
using static Bots.Tests.EndToEnd.Installation;

namespace Bots.Tests.EndToEnd;

/// <summary>What goes wrong outside is told where it was asked, and harms nothing else.</summary>
public sealed class FailureTests
{
    private static readonly ModelScript Hello = ModelScript.On("say hello", ModelStep.Say("Hello to you."));

    [Theory]
    [InlineData(401, "Models:Providers:simulated:ApiKey")]
    [InlineData(400, "could not finish")]
    public async Task A_model_that_refuses_is_a_failed_prompt_with_a_cause_and_the_next_one_runs(int status, string cause)
    {
        await using var world = await Start(ModelScript.On("do it", ModelStep.Fail(status)), Hello);

        var asked = await world.Mention("do it");
        var failed = await world.Says("❌");
        Shown(failed).ShouldContain(cause);
        await world.Mention("say hello", asked);

        await world.Says("Hello to you.");
    }

    [Fact]
    public async Task A_model_that_is_overloaded_for_a_moment_is_waited_for()
    {
        await using var world = await Start(ModelScript.On("do it", ModelStep.Fail(429, retryAfter: TimeSpan.FromSeconds(1), times: 1), ModelStep.Say("Done after all.")), Hello);

        await world.Mention("do it");

        await world.Slack.WaitFor(Channel, m => m.User == world.Slack.Options.BotUserId && !HasButton(m, "stop") && Shown(m).Contains("one", StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task A_model_that_answers_rubbish_is_a_failed_prompt()
    {
        await using var world = await Start(ModelScript.On("do it", ModelStep.Rubbish("<html>not a model</html>")));

        await world.Mention("do it");

        Shown(await world.Says("❌")).ShouldContain("Models:Providers:simulated:BaseUrl");
    }

    [Fact]
    public async Task A_clone_that_fails_is_told_and_the_next_prompt_runs()
    {
        await using var world = await Start(Hello);
        world.GitHub.Fail("GET /acme/calculator.git/info/refs", Fault.BadCredentials);

        var asked = await world.Mention("say hello");
        Shown(await world.Says("❌")).ShouldContain("I could not get acme/calculator");
        await world.Mention("say hello", asked, Ben);

        await world.Says("Hello to you.");
    }

    [Fact]
    public async Task A_clone_that_fails_for_a_moment_is_done_again()
    {
        await using var world = await Start(Hello);
        world.GitHub.Fail("POST /acme/calculator.git/git-upload-pack", Fault.ServerError);

        await world.Mention("say hello");

        await world.Says("Hello to you.");
    }

    [Fact]
    public async Task A_forge_that_wants_to_be_left_alone_for_a_moment_is_no_empty_repository()
    {
        const string Refs = "GET /acme/calculator.git/info/refs";
        await using var world = await Start(Hello);
        world.GitHub.Fail(Refs, Fault.Hold(Task.CompletedTask), times: 2);
        world.GitHub.Fail(Refs, Fault.TooManyRequests(TimeSpan.FromSeconds(1)), times: 2);

        await world.Mention("say hello");

        await world.Says("Hello to you.");
    }

    [Fact]
    public async Task An_agent_that_is_killed_is_a_failed_prompt_and_the_next_one_starts_it_anew()
    {
        await using var world = await Start(Sample.Run("end yourself", "kill -9 $PPID", "unreachable"), Hello);

        var asked = await world.Mention("end yourself");
        var question = await world.Button("approve_once");
        await world.Slack.Click(Ben, Channel, question.Ts, "approve_once");
        Shown(await world.Says("❌")).ShouldContain("ended unexpectedly");
        await world.Mention("say hello", asked);

        await world.Says("Hello to you.");
    }

    [Fact]
    public async Task An_empty_repository_is_told_as_such()
    {
        await using var world = await Prepare(Hello);
        await world.GitHub.CreateRepository("acme", "blank", null, false, "Nothing yet");
        await world.StartService();

        await world.Mention("repo:acme/blank say hello");

        Shown(await world.Says("❌")).ShouldContain("acme/blank is empty. Push a first commit to it, then ask again.");
    }

    [Fact]
    public async Task A_repository_that_is_configured_but_does_not_exist_is_told_as_such()
    {
        await using var world = await Prepare(Hello);
        world.Settings["Repositories:0:Name"] = "acme/gone";
        await world.StartService();

        await world.Mention("repo:acme/gone say hello");

        Shown(await world.Says("❌")).ShouldContain("acme/gone");
    }

    [Fact]
    public async Task What_could_not_be_pushed_is_published_with_the_next_prompt()
    {
        await using var world = await Start(Sample.Run("^note it", "echo noted > note", "Noted."), Hello);

        var asked = await world.Mention("note it");
        await world.Button("approve_once");
        world.GitHub.Fail("GET /acme/calculator.git/info/refs", Fault.BadCredentials);
        await world.ApproveUntil("❌");
        Shown(await world.Says("❌")).ShouldContain("pushing");
        world.GitHub.PullRequests(Calculator).ShouldBeEmpty();
        await world.Mention("say hello", asked, Ben);

        await world.Says("+1 −0 in 1 file");
        var branch = world.GitHub.PullRequests(Calculator).ShouldHaveSingleItem().Pull!.HeadBranch;
        (await world.GitHub.Git(Calculator, "show", $"{branch}:note")).ShouldStartWith("noted");
    }

    [Fact]
    public async Task A_lock_that_a_killed_git_left_is_in_nobodys_way()
    {
        // Beside it another git is at work for a while, as agents have them in the background.
        const string AtWork = "cp /bin/sleep /tmp/git && (/tmp/git 3 >/dev/null 2>&1 &)";
        await using var world = await Start(Sample.Run("^note it", $"echo noted > note; touch .git/index.lock .git/refs/heads/main.lock; {AtWork}", "Noted."));

        await world.Mention("note it");
        await world.ApproveUntil("1 file");

        world.GitHub.PullRequests(Calculator).ShouldHaveSingleItem();
    }
}
