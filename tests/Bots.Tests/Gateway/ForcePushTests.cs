using Bots.Engine;
using Bots.Engine.Forges;

namespace Bots.Tests.Gateway;

/// <summary>The real git pushes to the session's branch again and again; only what adds to it passes.</summary>
public sealed class ForcePushTests : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("force").FullName;
    private GitUpstream _upstream = null!;
    private FixedForge _forge = null!;
    private GatewayHost _host = null!;
    private LoopbackBridge _bridge = null!;

    private string Work => Path.Combine(_home, "work");

    public async ValueTask InitializeAsync()
    {
        _upstream = await GitUpstream.Start();
        _forge = new FixedForge(new GitAccess(_upstream.Remote, GitUpstream.Authorization));
        _host = await GatewayHost.Start(new() { ["Gateway:MaxPushSize"] = "2MiB" }, _forge);
        _bridge = new LoopbackBridge(_host.SocketPath);
        await Git.Run(_home, "init", "--initial-branch=main", "seed");
        var seed = Path.Combine(_home, "seed");
        for (var i = 0; i < 3; i++) await Commit(seed, $"file{i}");
        await Git.Run(seed, "push", _upstream.Repository, "main");
        await Git.Run(_home, [.. Token, "clone", $"http://127.0.0.1:{_bridge.Port}/git/acme/widgets.git", Work]);
        await Git.Run(Work, "checkout", "-b", GatewayHost.Branch);
        await Commit(Work, "first");
        await Push();
    }

    public async ValueTask DisposeAsync()
    {
        await _bridge.DisposeAsync();
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task More_commits_pass()
    {
        for (var i = 0; i < 3; i++) await Commit(Work, $"more{i}");
        await Push();
        await Commit(Work, "and one more");

        await Push();

        await Arrived();
        _forge.Asked.ShouldBeEmpty();
        Directory.GetFiles(_host.Directory, "push-*").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_merge_passes()
    {
        await Git.Run(Work, "checkout", "-b", "other", "origin/main");
        await Commit(Work, "elsewhere");
        await Git.Run(Work, "checkout", GatewayHost.Branch);
        await Git.Run(Work, "merge", "--no-edit", "other");

        await Push();

        await Arrived();
    }

    [Theory]
    [InlineData("--force")]
    [InlineData("--force-with-lease")]
    public async Task An_amended_commit_is_refused_and_git_shows_why(string force)
    {
        var before = await Git.Run(Work, "rev-parse", "HEAD");
        await Git.Run(Work, "commit", "--amend", "-m", "other words");

        var (code, output) = await Git.Try(Work, [.. Token, "push", force, "origin", GatewayHost.Branch]);

        code.ShouldNotBe(0);
        output.ShouldContain($"this push would rewrite refs/heads/{GatewayHost.Branch}: it must build on {before[..12]}");
        (await Git.Run(_upstream.Repository, "rev-parse", GatewayHost.Branch)).ShouldBe(before);
        Directory.GetFiles(_host.Directory, "push-*").ShouldBeEmpty();
    }

    [Fact]
    public async Task Going_back_is_refused()
    {
        var (code, output) = await Git.Try(Work, [.. Token, "push", "--force", "origin", $"HEAD~1:{GatewayHost.Branch}"]);

        code.ShouldNotBe(0);
        output.ShouldContain("would rewrite");
    }

    [Fact]
    public async Task A_branch_of_other_descent_is_refused()
    {
        await Git.Run(Work, "checkout", "--orphan", "fresh");
        await Commit(Work, "unrelated");

        var (code, output) = await Git.Try(Work, [.. Token, "push", "--force", "origin", $"fresh:{GatewayHost.Branch}"]);

        code.ShouldNotBe(0);
        output.ShouldContain("would rewrite");
    }

    [Fact]
    public async Task Where_the_pack_does_not_tell_the_forge_is_asked()
    {
        var old = (await Git.Run(Work, "rev-parse", "HEAD")).Trim();
        // Others merged the branch into main: its next commits are at the forge already.
        var seed = Path.Combine(_home, "seed");
        await Git.Run(seed, "pull", _upstream.Repository, GatewayHost.Branch);
        await Commit(seed, "on main");
        await Git.Run(seed, "push", _upstream.Repository, "main");
        await Git.Run(Work, [.. Token, "fetch", "origin"]);
        await Git.Run(Work, "merge", "--ff-only", "origin/main");
        var head = (await Git.Run(Work, "rev-parse", "HEAD")).Trim();

        (await Git.Try(Work, [.. Token, "push", "origin", GatewayHost.Branch])).Output.ShouldContain("would rewrite");
        _forge.Ancestors.Add($"{old}...{head}");
        await Push();

        await Arrived();
        _forge.Asked.ShouldBe([$"{old}...{head}", $"{old}...{head}"]);
    }

    [Fact]
    public async Task Push_options_are_no_hindrance()
    {
        await Git.Run(_upstream.Repository, "config", "receive.advertisePushOptions", "true");
        await Commit(Work, "with options");

        await Git.Run(Work, [.. Token, "push", "-o", "ci.skip", "-o", "note=" + new string('x', 5000), "origin", GatewayHost.Branch]);

        await Arrived();
    }

    [Fact]
    public async Task A_push_larger_than_allowed_is_refused_and_git_shows_why()
    {
        await File.WriteAllBytesAsync(Path.Combine(Work, "large"), System.Security.Cryptography.RandomNumberGenerator.GetBytes(3 * 1024 * 1024), TestContext.Current.CancellationToken);
        await Commit(Work, "large too");

        var (code, output) = await Git.Try(Work, [.. Token, "push", "origin", GatewayHost.Branch]);

        code.ShouldNotBe(0);
        output.ShouldContain("this push is larger than 2 MiB");
    }

    [Fact]
    public async Task Commits_that_were_packed_as_differences_pass()
    {
        for (var i = 0; i < 8; i++) await Commit(Work, $"alike{i}");
        await Git.Run(Work, "repack", "-adf", "--depth=50", "--window=50");

        await Push();

        await Arrived();
    }

    private static string[] Token => ["-c", $"http.extraHeader=Authorization: Bearer {GatewayHost.Token}"];

    private Task<string> Push() => Git.Run(Work, [.. Token, "push", "origin", GatewayHost.Branch]);

    private async Task Arrived() => (await Git.Run(_upstream.Repository, "rev-parse", GatewayHost.Branch)).ShouldBe(await Git.Run(Work, "rev-parse", "HEAD"));

    private static async Task Commit(string directory, string file)
    {
        await File.WriteAllTextAsync(Path.Combine(directory, file), file, TestContext.Current.CancellationToken);
        await Git.Run(directory, "add", ".");
        await Git.Run(directory, "commit", "-m", file + "\n\n" + string.Join('\n', Enumerable.Range(0, 40).Select(n => $"The same long story, line {n}.")));
    }
}
