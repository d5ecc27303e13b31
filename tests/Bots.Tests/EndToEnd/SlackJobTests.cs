using System.Diagnostics;

namespace Bots.Tests.EndToEnd;

public sealed class SlackJobTests
{
    [Fact]
    public async Task A_mention_becomes_an_edit_an_approved_test_run_a_branch_and_a_pull_request()
    {
        await using var world = await Installation.Start(Sample.Fix);

        var asked = await world.Slack.Say(Installation.Ana, Installation.Channel, "<@U0BOTUSER0> fix the failing test");
        var question = await world.Button("approve_once");
        question.Everything.ShouldContain("npm test");
        question.ThreadTs.ShouldBe(asked);
        await world.Slack.Click(Installation.Ben, Installation.Channel, question.Ts, "approve_once");
        var final = await world.Says("1 file");

        var opened = world.GitHub.PullRequests(Installation.Repository).Single();
        opened.Pull!.Draft.ShouldBeTrue();
        final.ThreadTs.ShouldBe(asked);
        final.Everything.ShouldContain("it *adds* now");
        final.Everything.ShouldContain("+1 −1 in 1 file");
        final.Everything.ShouldContain($"/pull/{opened.Number}");
        final.Everything.ShouldNotContain("\"stop\"");
        world.Slack.Message(Installation.Channel, asked)!.Reactions.ShouldContain(r => r.Name == "eyes");
        world.Slack.Message(Installation.Channel, question.Ts)!.Everything.ShouldContain($"<@{Installation.Ben}>");
        (await TestsPass(world, opened.Pull.HeadBranch)).ShouldBeTrue();
        (await world.GitHub.Git(Installation.Repository, "log", "-1", "--format=%an <%ae>%n%b", opened.Pull.HeadBranch)).ShouldContain("Ana <ana@example.com>");
        world.Models.Problems.ShouldBeEmpty();
    }

    private static async Task<bool> TestsPass(Installation world, string branch)
    {
        var directory = Directory.CreateTempSubdirectory("bots-check-");
        try
        {
            await Run("git", directory.FullName, "clone", "--quiet", "--branch", branch, new Uri(world.GitHub.WebUrl, $"{Installation.Repository}.git").ToString(), ".");
            return await Run("npm", directory.FullName, "test") == 0;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<int> Run(string program, string directory, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync(), process.WaitForExitAsync());
        return process.ExitCode;
    }
}
