using System.Diagnostics;
using Bots.Playground;
using Bots.Playground.Scripts;
using Bots.Simulators.GitHub;

namespace Bots.Tests.Playground;

public sealed class SampleTests
{
    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "sample");

    [Theory]
    [InlineData("main", "src/dates.js")]
    [InlineData("ben/loan-payments", "src/loans.js")]
    public async Task The_tests_fail_because_of_the_mistake_and_pass_with_the_mend(string branch, string source)
    {
        var bug = new[] { Bug.Centuries, Bug.Loans }.Single(b => b.Source == source);
        await using var github = await Seeded();
        using var clone = new Clone(github.Repository(SampleRepositories.Calculator).Path, branch);

        (await clone.Run("node", "--test")).ShouldBe(1, "the test must fail before the mend");
        var before = File.ReadAllText(clone.Path(bug.Source));
        before.Split(bug.Broken).Length.ShouldBe(2, "the mistake must be there once");
        File.WriteAllText(clone.Path(bug.Source), before.Replace(bug.Broken, bug.Mended));
        (await clone.Run("node", "--test")).ShouldBe(0);
    }

    [Fact]
    public async Task A_pull_request_of_a_person_is_open_from_the_start()
    {
        await using var github = await Seeded();

        var pull = github.PullRequests(SampleRepositories.Calculator).ShouldHaveSingleItem();
        pull.Author.Login.ShouldBe("ben");
        pull.Open.ShouldBeTrue();
        (await github.Files(SampleRepositories.Calculator, pull.Number)).Select(f => f.Path).ShouldBe(["src/index.js", "src/loans.js", "test/loans.test.js"]);
    }

    [Fact]
    public async Task The_website_has_the_typo_the_script_mends()
    {
        await using var github = await Seeded();

        (await github.Git(SampleRepositories.Website, "show", "main:index.html")).ShouldContain("Welcom to");
    }

    private static async Task<GitHubSimulator> Seeded()
    {
        var github = await GitHubSimulator.Start(new GitHubSimulatorOptions());
        await SampleRepositories.Seed(github, Samples);
        return github;
    }

    private sealed class Clone : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("playground-").FullName;

        public Clone(string repository, string branch)
        {
            using var git = Process.Start("git", ["clone", "--quiet", "--branch", branch, repository, _folder]);
            git.WaitForExit();
            git.ExitCode.ShouldBe(0);
        }

        public string Path(string file) => System.IO.Path.Combine(_folder, file);

        public async Task<int> Run(string program, params string[] arguments)
        {
            var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true, UseShellExecute = false };
            start.Environment.Remove("NODE_TEST_CONTEXT");
            using var process = Process.Start(start)!;
            await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return process.ExitCode;
        }

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
