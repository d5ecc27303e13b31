using Bots.Engine.Forges;

namespace Bots.Tests.Gateway;

/// <summary>Repositories that the operator lets a session fetch from.</summary>
public sealed class GitReadsTests : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("reads").FullName;
    private GitUpstream _upstream = null!;
    private FixedForge _forge = null!;
    private GatewayHost _host = null!;
    private LoopbackBridge _bridge = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await GitUpstream.Start();
        _forge = new FixedForge(new GitAccess(_upstream.Remote, GitUpstream.Authorization));
        _host = await GatewayHost.Start(forge: _forge);
        _bridge = new LoopbackBridge(_host.SocketPath);
        await Git.Run(_home, "init", "--bare", "--initial-branch=main", Library);
        await Git.Run(_home, "init", "--initial-branch=main", "seed");
        await Git.Run(Path.Combine(_home, "seed"), "commit", "--allow-empty", "-m", "library");
        await Git.Run(Path.Combine(_home, "seed"), "push", Library, "main");
    }

    private string Library => Path.Combine(Path.GetDirectoryName(_upstream.Repository)!, "library.git");

    public async ValueTask DisposeAsync()
    {
        await _bridge.DisposeAsync();
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task A_listed_repository_can_be_fetched_with_a_credential_that_only_reads()
    {
        await Git.Run(_home, [.. Token, "clone", Url("acme/Library"), "copy"]);

        (await Git.Run(Path.Combine(_home, "copy"), "log", "--format=%s")).Trim().ShouldBe("library");
        _forge.Rights.Distinct().ShouldBe(["acme/library: Read"]);
    }

    [Fact]
    public async Task A_relative_submodule_of_a_listed_repository_is_fetched()
    {
        var seed = Path.Combine(_home, "widgets");
        await Git.Run(_home, "init", "--initial-branch=main", "widgets");
        await Git.Run(seed, "-c", "protocol.file.allow=always", "submodule", "add", Library, "library");
        await Git.Run(seed, "config", "-f", ".gitmodules", "submodule.library.url", "../library.git");
        await Git.Run(seed, "add", ".");
        await Git.Run(seed, "commit", "-m", "with a submodule");
        await Git.Run(seed, "push", _upstream.Repository, "main");

        await Git.Run(_home, [.. Token, "clone", "--recurse-submodules", Url("acme/widgets"), "copy"]);

        (await Git.Run(Path.Combine(_home, "copy", "library"), "log", "--format=%s")).Trim().ShouldBe("library");
    }

    [Fact]
    public async Task It_cannot_be_pushed_to()
    {
        await Git.Run(_home, [.. Token, "clone", Url("acme/library"), "copy"]);
        var copy = Path.Combine(_home, "copy");
        await Git.Run(copy, "commit", "--allow-empty", "-m", "mine");

        var (code, output) = await Git.Try(copy, [.. Token, "push", "origin", $"HEAD:{GatewayHost.Branch}"]);

        code.ShouldNotBe(0);
        output.ShouldContain("This session may use acme/widgets only, and fetch from acme/library.");
        _upstream.Requests.ShouldNotContain(request => request.Call.Contains("receive-pack"));
    }

    [Fact]
    public async Task One_that_is_not_listed_is_refused_and_git_shows_how_to_allow_it()
    {
        var (code, output) = await Git.Try(_home, [.. Token, "clone", Url("acme/secrets"), "copy"]);

        code.ShouldNotBe(0);
        output.ShouldContain("Repositories:{n}:Reads");
        _upstream.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Fetching_asks_for_no_right_to_write_and_pushing_does()
    {
        await Git.Run(_home, [.. Token, "clone", Url("acme/widgets"), "copy"]);
        _forge.Rights.Distinct().ShouldBe(["acme/widgets: Read"]);
        await Git.Run(Path.Combine(_home, "copy"), "commit", "--allow-empty", "-m", "mine");

        await Git.Run(Path.Combine(_home, "copy"), [.. Token, "push", "origin", $"HEAD:{GatewayHost.Branch}"]);

        _forge.Rights.ShouldContain("acme/widgets: Write");
    }

    private static string[] Token => ["-c", $"http.extraHeader=Authorization: Bearer {GatewayHost.Token}"];

    private string Url(string repository) => $"http://127.0.0.1:{_bridge.Port}/git/{repository}.git";
}
