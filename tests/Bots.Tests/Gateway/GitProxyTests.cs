using System.Security.Cryptography;
using Bots.Engine.Forges;

namespace Bots.Tests.Gateway;

public sealed class GitProxyTests : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("git").FullName;
    private GitUpstream _upstream = null!;
    private GatewayHost _host = null!;
    private LoopbackBridge _bridge = null!;

    private string Work => Path.Combine(_home, "work");

    private string Url => $"http://127.0.0.1:{_bridge.Port}/git/acme/widgets.git";

    public async ValueTask InitializeAsync()
    {
        _upstream = await GitUpstream.Start();
        _host = await GatewayHost.Start(forge: new FixedForge(new GitAccess(_upstream.Remote, GitUpstream.Authorization) { Credential = "the test's credential" }));
        _bridge = new LoopbackBridge(_host.SocketPath);
        await Git.Run(_home, "init", "--initial-branch=main", "seed");
        var seed = Path.Combine(_home, "seed");
        for (var i = 0; i < 3; i++) await Commit(seed, $"file{i}", $"content {i}");
        await Git.Run(seed, "push", _upstream.Repository, "main");
    }

    public async ValueTask DisposeAsync()
    {
        await _bridge.DisposeAsync();
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task A_clone_and_a_push_to_the_sessions_branch_go_through()
    {
        await Clone();
        await Commit(Work, "new", "by the agent");

        var output = await Git.Run(Work, [.. Token, "push", "origin", $"HEAD:{GatewayHost.Branch}"]);

        output.ShouldContain("[new branch]");
        (await Git.Run(_upstream.Repository, "rev-parse", GatewayHost.Branch)).ShouldBe(await Git.Run(Work, "rev-parse", "HEAD"));
        _upstream.Requests.ShouldAllBe(request => request.Headers.Authorization == GitUpstream.Authorization && !request.Headers.ContainsKey("Cookie"));
        _upstream.Requests.SelectMany(request => request.Headers).ShouldAllBe(header => !header.Value.ToString().Contains(GatewayHost.Token));
        _host.Log.Lines.ShouldAllBe(line => !line.Contains(GatewayHost.Token) && !line.Contains("eC1hY2Nlc3M"));
        _host.Log.Lines.ShouldContain(line => line.StartsWith("Information Git call of ses_0123456789: git-receive-pack POST acme/widgets → 200"));
    }

    [Fact]
    public async Task Every_push_is_in_the_audit_log_before_it_leaves_and_with_its_answer_and_so_is_a_refused_one()
    {
        await Clone();
        await Commit(Work, "new", "by the agent");
        await Git.Run(Work, [.. Token, "push", "origin", $"HEAD:{GatewayHost.Branch}"]);
        (await Git.Try(Work, [.. Token, "push", "origin", "HEAD:refs/heads/main2"])).Code.ShouldNotBe(0);
        var head = (await Git.Run(Work, "rev-parse", "HEAD")).Trim();

        var entry = await _host.Trail.Next();
        while (entry.Kind == "git.fetch") entry = await _host.Trail.Next();
        entry.Kind.ShouldBe("git.push");
        entry.Data["status"].ShouldBeNull();
        entry.Data["refs"]!.AsArray().Single()!.GetValue<string>().ShouldBe($"refs/heads/{GatewayHost.Branch} {new string('0', 40)} {head}");
        entry.Data["credential"]!.GetValue<string>().ShouldBe("the test's credential");
        (await _host.Trail.Next()).Data["status"]!.GetValue<int>().ShouldBe(200);
        var refused = await _host.Trail.Next();
        refused.Data["refused"]!.GetValue<string>().ShouldContain("may push to");
        refused.Data["credential"].ShouldBeNull();
    }

    [Fact]
    public async Task A_push_that_cannot_be_written_down_does_not_leave()
    {
        await Clone();
        await Commit(Work, "new", "by the agent");
        _host.Trail.Failure = new Engine.Storage.StoreException("The disk is full.", new IOException());

        (await Git.Try(Work, [.. Token, "push", "origin", $"HEAD:{GatewayHost.Branch}"])).Code.ShouldNotBe(0);

        (await Git.Run(_upstream.Repository, "branch", "--list", GatewayHost.Branch)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_push_larger_than_gits_buffer_goes_through_in_chunks()
    {
        await Clone();
        await File.WriteAllBytesAsync(Path.Combine(Work, "large"), RandomNumberGenerator.GetBytes(3 * 1024 * 1024), TestContext.Current.CancellationToken);
        await Git.Run(Work, "add", ".");
        await Git.Run(Work, "commit", "-m", "large");

        await Git.Run(Work, [.. Token, "push", "origin", $"HEAD:{GatewayHost.Branch}"]);

        (await Git.Run(_upstream.Repository, "rev-parse", GatewayHost.Branch)).ShouldBe(await Git.Run(Work, "rev-parse", "HEAD"));
        _upstream.Requests.Count(request => request.Call.EndsWith("/git-receive-pack")).ShouldBe(2, "git probes with an empty push first");
    }

    [Fact]
    public async Task A_push_from_a_shallow_clone_goes_through()
    {
        await Clone("--depth=1");
        await Commit(Work, "new", "by the agent");

        await Git.Run(Work, [.. Token, "push", "origin", $"HEAD:{GatewayHost.Branch}"]);

        (await Git.Run(_upstream.Repository, "rev-list", "--count", GatewayHost.Branch)).Trim().ShouldBe("4");
    }

    [Fact]
    public async Task A_fetch_with_many_refs_is_compressed_and_goes_through()
    {
        await Clone();
        var seed = Path.Combine(_home, "seed");
        for (var i = 0; i < 40; i++)
        {
            await Commit(seed, $"more{i}", $"{i}");
            await Git.Run(seed, "branch", $"feature{i}");
        }

        await Git.Run(seed, "push", _upstream.Repository, "--all");
        await Git.Run(Work, [.. Token, "fetch", "origin"]);

        (await Git.Run(Work, "branch", "-r")).ShouldContain("origin/feature39");
        _upstream.Requests.ShouldContain(request => request.Headers.ContentEncoding == "gzip");
    }

    [Theory]
    [InlineData("refs/heads/main")]
    [InlineData("refs/tags/v1")]
    [InlineData("refs/heads/bots/fix-00012")]
    [InlineData("refs/heads/BOTS/fix-0001")]
    public async Task A_push_to_any_other_ref_is_refused_and_git_shows_why(string target)
    {
        await Clone();
        await Commit(Work, "new", "by the agent");
        var before = await Git.Run(_upstream.Repository, "for-each-ref");

        var (code, output) = await Git.Try(Work, [.. Token, "push", "origin", $"HEAD:{target}"]);

        code.ShouldNotBe(0);
        output.ShouldContain("[remote rejected]");
        output.ShouldContain("this session may push to refs/heads/bots/fix-0001 only");
        (await Git.Run(_upstream.Repository, "for-each-ref")).ShouldBe(before);
        _upstream.Requests.ShouldNotContain(request => request.Call.EndsWith("/git-receive-pack"));
    }

    [Fact]
    public async Task One_bad_ref_stops_the_whole_push()
    {
        await Clone();
        await Commit(Work, "new", "by the agent");

        var (code, output) = await Git.Try(Work, [.. Token, "push", "origin", $"HEAD:{GatewayHost.Branch}", "HEAD:main"]);

        code.ShouldNotBe(0);
        output.ShouldContain("another ref of this push was refused");
        (await Git.Run(_upstream.Repository, "branch", "--list", GatewayHost.Branch)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_sessions_branch_cannot_be_deleted()
    {
        await Clone();
        await Git.Run(Work, [.. Token, "push", "origin", $"HEAD:{GatewayHost.Branch}"]);

        var (code, output) = await Git.Try(Work, [.. Token, "push", "origin", "--delete", GatewayHost.Branch]);

        code.ShouldNotBe(0);
        output.ShouldContain("this session may not delete its branch");
        (await Git.Run(_upstream.Repository, "branch", "--list", GatewayHost.Branch)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_large_refused_push_still_shows_why()
    {
        await Clone();
        await File.WriteAllBytesAsync(Path.Combine(Work, "large"), RandomNumberGenerator.GetBytes(5 * 1024 * 1024), TestContext.Current.CancellationToken);
        await Git.Run(Work, "add", ".");
        await Git.Run(Work, "commit", "-m", "large");

        var (code, output) = await Git.Try(Work, [.. Token, "push", "origin", "HEAD:main"]);

        code.ShouldNotBe(0);
        output.ShouldContain("Bots refused this push: this session may push to refs/heads/bots/fix-0001 only");
    }

    [Fact]
    public async Task Another_repository_is_refused_and_git_shows_why()
    {
        var (code, output) = await Git.Try(_home, [.. Token, "clone", Url.Replace("widgets", "secrets"), "other"]);

        code.ShouldNotBe(0);
        output.ShouldContain("remote: This session may use acme/widgets only, and fetch from acme/library.");
        _upstream.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_repositorys_name_may_be_written_in_any_case() =>
        (await Git.Run(_home, [.. Token, "ls-remote", Url.Replace("acme/widgets", "Acme/Widgets")])).ShouldContain("refs/heads/main");

    [Fact]
    public async Task The_token_may_come_as_a_password() =>
        (await Git.Run(_home, "ls-remote", Url.Replace("http://", $"http://bot:{GatewayHost.Token}@"))).ShouldContain("refs/heads/main");

    [Fact]
    public async Task A_wrong_token_is_refused() =>
        (await Git.Try(_home, "ls-remote", Url.Replace("http://", "http://bot:wrong@"))).Output.ShouldContain("Authentication failed");

    private static string[] Token => ["-c", $"http.extraHeader=Authorization: Bearer {GatewayHost.Token}"];

    private Task<string> Clone(params string[] options) => Git.Run(_home, [.. Token, "clone", .. options, Url, Work]);

    private static async Task Commit(string directory, string file, string content)
    {
        await File.WriteAllTextAsync(Path.Combine(directory, file), content, TestContext.Current.CancellationToken);
        await Git.Run(directory, "add", ".");
        await Git.Run(directory, "commit", "-m", file);
    }
}
