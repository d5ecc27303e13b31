using Bots.Simulators.GitHub.State;
using Bots.Simulators.Models;
using static Bots.Tests.EndToEnd.Installation;

namespace Bots.Tests.EndToEnd;

public sealed class PullRequestJobTests
{
    [Fact]
    public async Task A_comment_is_worked_on_in_the_pull_requests_own_branch_and_approved_by_its_checkbox()
    {
        await using var world = await Start(Sample.Fix);
        var number = await OpenPullRequest(world);

        var asked = world.GitHub.Comment("ana", Calculator, number, "@bots fix this");
        var question = await Question(world, number, "npm test");
        world.GitHub.TickCheckbox("ana", Calculator, question.Id, 0);
        var final = await world.Comments(number, "+1 −1 in 1 file");

        final.Id.ShouldBe(question.Id);
        final.Body.ShouldContain("it **adds** now");
        final.Body.ShouldNotContain("- [ ]");
        world.GitHub.Comments(Calculator, number).Count.ShouldBe(2);
        world.GitHub.Comments(Calculator, number).Single(c => c.Id == asked.Id).Reactions.ShouldContain(r => r.Content == "eyes");
        (await world.GitHub.Git(Calculator, "rev-list", "--count", "main..topic")).Trim().ShouldBe("2");
        (await Checkout.TestsPass(world, "topic")).ShouldBeTrue();
        world.GitHub.PullRequests(Calculator).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_reply_approves_too()
    {
        await using var world = await Start(Sample.Fix);
        var number = await OpenPullRequest(world);

        world.GitHub.Comment("ana", Calculator, number, "/bots fix this");
        await Question(world, number, "npm test");
        world.GitHub.Comment("ana", Calculator, number, "/approve");

        await world.Comments(number, "+1 −1 in 1 file");
        (await Checkout.TestsPass(world, "topic")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_reply_denies_with_a_reason_that_reaches_the_agent()
    {
        await using var world = await Start(
            Sample.Run("^empty", "echo gone > src/add.js", "unreachable"),
            ModelScript.On("Permission was denied", ModelStep.Say("Understood, I leave the file alone.")));
        var number = await OpenPullRequest(world);

        world.GitHub.Comment("ana", Calculator, number, "@bots empty the file");
        await Question(world, number, "echo gone");
        world.GitHub.Comment("ana", Calculator, number, "/deny we need that file");

        var final = await world.Comments(number, "I leave the file alone");
        final.Body.ShouldContain("we need that file");
        world.Models.Requests[^1].Prompt.ShouldContain("we need that file");
        (await world.GitHub.Git(Calculator, "rev-list", "--count", "main..topic")).Trim().ShouldBe("1");
    }

    [Fact]
    public async Task A_forks_pull_request_gets_a_branch_and_a_pull_request_of_our_own()
    {
        await using var world = await Start(Sample.Fix);
        await world.GitHub.Fork(Calculator, "carol");
        await world.GitHub.Commit("carol/calculator", "topic", new Dictionary<string, string?> { ["NOTES.md"] = "from a fork\n" }, "Add notes", "carol");
        var opened = await world.GitHub.OpenPullRequest("carol", Calculator, "From a fork", "Please", "topic", "main", "carol/calculator");

        world.GitHub.Comment("ana", Calculator, opened.Number, "@bots fix this");
        await Question(world, opened.Number, "npm test");
        world.GitHub.Comment("ana", Calculator, opened.Number, "/approve");
        await world.Comments(opened.Number, "+1 −1 in 1 file");

        var own = world.GitHub.PullRequests(Calculator).Single(p => p.Number != opened.Number);
        own.Pull!.Head.FullName.ShouldBe(Calculator);
        own.Pull.BaseBranch.ShouldBe("main");
        (await world.GitHub.Git(Calculator, "show", $"{own.Pull.HeadBranch}:NOTES.md")).ShouldContain("from a fork");
    }

    [Fact]
    public async Task A_stranger_is_refused_politely_and_nothing_starts()
    {
        await using var world = await Start(Sample.Fix);
        var number = await OpenPullRequest(world);

        world.GitHub.Comment("mallory", Calculator, number, "@bots fix this");
        await world.GitHub.WaitForComment(Calculator, number, c => c.Author.Login == world.GitHub.Bot.Login, Patience);

        world.GitHub.Comments(Calculator, number).Count(c => c.Author.Login == world.GitHub.Bot.Login).ShouldBe(1);
        world.Models.Requests.ShouldBeEmpty();
        Directory.Exists(Path.Combine(world.DataDirectory, "sessions")).ShouldBeFalse();
    }

    private static async Task<int> OpenPullRequest(Installation world)
    {
        await world.GitHub.Commit(Calculator, "topic", new Dictionary<string, string?> { ["NOTES.md"] = "notes\n" }, "Add notes", "ana");
        return (await world.GitHub.OpenPullRequest("ana", Calculator, "Add notes", "Some notes", "topic")).Number;
    }

    /// <summary>The comment once it asks about a command: it shows the call before that.</summary>
    private static Task<Comment> Question(Installation world, int number, string command) =>
        world.GitHub.WaitForComment(Calculator, number, c => c.Author.Login == world.GitHub.Bot.Login && c.Body.Contains(command, StringComparison.Ordinal) && c.Body.Contains("- [ ]", StringComparison.Ordinal), Patience);
}
