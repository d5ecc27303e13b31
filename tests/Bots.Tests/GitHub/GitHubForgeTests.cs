using System.Text;
using Bots.Engine;
using Bots.Engine.Forges;

namespace Bots.Tests.GitHub;

public class GitHubForgeTests
{
    private const string Open = "POST /repos/octo/shop/pulls";
    private const string Find = "GET /repos/octo/shop/pulls?state=open&head=octo%3Abots%2Ffix&per_page=100";

    private static readonly RepositoryName Shop = RepositoryName.Parse("octo/shop");
    private static readonly NewPullRequest Request = new("bots/fix", "main", "Fix the cart", "Fixes #1 for @ana");

    [Fact]
    public async Task A_pull_request_is_opened_as_a_draft_and_pings_nobody()
    {
        await using var kit = await GitHubKit.WithToken();
        kit.Stub.On(Open, Pull(8), 201);

        (await kit.Forge.OpenPullRequest(Shop, Request, Cancellation)).ShouldBe(new PullRequest(8, new("https://github.com/octo/shop/pull/8"), new ConversationKey("github", "octo/shop#8")));

        kit.Stub.Calls.Single().Body.ShouldBe("""{"title":"Fix the cart","head":"bots/fix","base":"main","body":"Fixes\u200B #1 for @\u200Bana","draft":true}""");
    }

    [Fact]
    public async Task Where_there_are_no_drafts_it_is_opened_as_it_is()
    {
        await using var kit = await GitHubKit.WithToken();
        kit.Stub.On(Open, async context =>
        {
            var draft = kit.Stub.Calls.Count == 1;
            context.Response.StatusCode = draft ? 422 : 201;
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(draft ? """{"message":"Draft pull requests are not supported in this repository."}""" : Pull(8)), Cancellation);
        });

        (await kit.Forge.OpenPullRequest(Shop, Request, Cancellation)).Number.ShouldBe(8);

        kit.Stub.Calls[1].Body.ShouldEndWith("\"draft\":false}");
    }

    [Fact]
    public async Task One_that_is_open_already_is_found()
    {
        await using var kit = await GitHubKit.WithToken();
        kit.Stub.On(Open, """{"message":"Validation Failed","errors":[{"message":"A pull request already exists for octo:bots/fix."}]}""", 422)
            .On(Find, $"[{Pull(1, "other")},{Pull(2, "bots/fix", "bo/shop")},{Pull(7)}]");

        (await kit.Forge.OpenPullRequest(Shop, Request, Cancellation)).Number.ShouldBe(7);
    }

    [Fact]
    public async Task A_refusal_tells_people_why_and_is_final()
    {
        await using var kit = await GitHubKit.WithToken();
        kit.Stub.On(Open, """{"message":"Validation Failed","errors":[{"message":"No commits between main and bots/fix"}]}""", 422).On(Find, "[]");

        var e = await Should.ThrowAsync<ForgeException>(() => kit.Forge.OpenPullRequest(Shop, Request, Cancellation));

        e.Transient.ShouldBeFalse();
        e.Message.ShouldBe("GitHub would not open the pull request: Validation Failed; No commits between main and bots/fix (422)");
    }

    [Fact]
    public async Task A_branch_without_a_pull_request_has_none()
    {
        await using var kit = await GitHubKit.WithToken();
        kit.Stub.On(Find, "[]");
        (await kit.Forge.FindPullRequest(Shop, "bots/fix", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task An_outage_may_pass()
    {
        await using var kit = await GitHubKit.WithToken();
        kit.Stub.On("GET /repos/octo/shop", "{}", 503);
        (await Should.ThrowAsync<ForgeException>(() => kit.Forge.DefaultBranch(Shop, Cancellation))).Transient.ShouldBeTrue();
    }

    [Fact]
    public async Task The_default_branch_is_the_configured_one_or_the_one_GitHub_tells()
    {
        await using var kit = await GitHubKit.WithToken(("Repositories:0:Name", "octo/web"), ("Repositories:0:DefaultBranch", "trunk"));
        kit.Stub.On("GET /repos/octo/shop", """{"full_name":"octo/shop","default_branch":"main"}""");

        (await kit.Forge.DefaultBranch(Shop, Cancellation)).ShouldBe("main");
        (await kit.Forge.DefaultBranch(RepositoryName.Parse("Octo/Web"), Cancellation)).ShouldBe("trunk");
    }

    [Fact]
    public async Task A_file_is_read_from_the_commit_the_default_branch_is_at()
    {
        await using var kit = await GitHubKit.WithToken();
        Head(kit, "release/2 x", "release/2%20x");
        kit.Stub.On(File("dir/.bots%20%23.yml"), async context =>
        {
            context.Response.ContentType = "application/vnd.github.raw+json; charset=utf-8";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("\uFEFFsetup: größer\n"), Cancellation);
        });

        (await kit.Forge.ReadFile(Shop, "dir/.bots #.yml", Cancellation)).ShouldBe(new ForgeFile("setup: größer\n", Sha));
    }

    [Fact]
    public async Task The_commit_is_asked_for_once_for_files_read_together()
    {
        await using var kit = await GitHubKit.WithToken();
        Head(kit, "main", "main");
        foreach (var path in (string[])["a", "b", "c"]) kit.Stub.On(File(path), "{}", 404);

        (await Task.WhenAll(((string[])["a", "b", "c"]).Select(path => kit.Forge.ReadFile(Shop, path, Cancellation)))).ShouldAllBe(file => file == null);
        kit.Stub.Calls.Count.ShouldBe(5);

        kit.Time.Now += TimeSpan.FromSeconds(5);
        await kit.Forge.ReadFile(Shop, "a", Cancellation);
        kit.Stub.Calls.Count.ShouldBe(8);
    }

    [Theory]
    [InlineData(404, """{"message":"Not Found"}""")]
    [InlineData(200, """[{"name":"inner","type":"file"}]""")]
    public async Task What_is_missing_or_a_folder_is_no_file(int status, string json)
    {
        await using var kit = await GitHubKit.WithToken();
        Head(kit, "main", "main");
        kit.Stub.On(File(".bots.yml"), json, status);

        (await kit.Forge.ReadFile(Shop, ".bots.yml", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task An_empty_repository_has_no_files()
    {
        await using var kit = await GitHubKit.WithToken();
        Head(kit, "main", "main");
        kit.Stub.On("GET /repos/octo/shop/git/ref/heads/main", """{"message":"Git Repository is empty."}""", 409);

        (await kit.Forge.ReadFile(Shop, ".bots.yml", Cancellation)).ShouldBeNull();
    }

    [Theory]
    [InlineData(512 * 1024, true)]
    [InlineData((512 * 1024) + 1, false)]
    public async Task A_file_may_have_512_KiB(int length, bool read)
    {
        await using var kit = await GitHubKit.WithToken();
        Head(kit, "main", "main");
        kit.Stub.On(File(".bots.yml"), async context =>
        {
            context.Response.ContentType = "application/vnd.github.raw+json";
            await context.Response.Body.WriteAsync(new byte[length], Cancellation);
        });
        var reading = kit.Forge.ReadFile(Shop, ".bots.yml", Cancellation);

        if (read) (await reading)!.Text.Length.ShouldBe(length);
        else (await Should.ThrowAsync<ForgeException>(() => reading)).Message.ShouldBe("GitHub would not read .bots.yml of octo/shop: it is larger than 512 KiB");
    }

    [Theory]
    [InlineData(503, true)]
    [InlineData(403, false)]
    public async Task A_file_that_cannot_be_read_is_a_failure(int status, bool transient)
    {
        await using var kit = await GitHubKit.WithToken();
        Head(kit, "main", "main");
        kit.Stub.On(File(".bots.yml"), """{"message":"Resource not accessible by integration"}""", status);

        (await Should.ThrowAsync<ForgeException>(() => kit.Forge.ReadFile(Shop, ".bots.yml", Cancellation))).Transient.ShouldBe(transient);
    }

    [Fact]
    public async Task Repositories_are_the_installations_and_the_configured_ones_without_doubles()
    {
        await using var kit = await GitHubKit.WithApp(
            ("Repositories:0:Name", "octo/shop"), ("Repositories:0:Aliases:0", "the shop"), ("Repositories:0:Channels:0", "#shop"), ("Repositories:1:Name", "else/where"));
        kit.Stub.On("GET /app/installations?per_page=100", """[{"id":5},{"id":6,"suspended_at":"2026-01-01T00:00:00Z"}]""")
            .On("GET /installation/repositories?per_page=100", """{"total_count":2,"repositories":[{"full_name":"Octo/Shop","description":"Sells","default_branch":"main"}]}""", 200,
                ("Link", $"<{kit.Stub.Url}installation/repositories?page=2>; rel=\"next\""))
            .On("GET /installation/repositories?page=2", """{"total_count":2,"repositories":[{"full_name":"octo/web","description":null},{"full_name":"octo/old","archived":true}]}""");

        var repositories = await kit.Forge.Repositories(Cancellation);

        repositories.Select(r => (r.Name.ToString(), r.Description, r.DefaultBranch)).ShouldBe([("octo/shop", "Sells", "main"), ("else/where", "", null), ("octo/web", "", null)]);
        repositories[0].Aliases.ShouldBe(["the shop"]);
        repositories[0].Channels.ShouldBe(["shop"]);
    }

    [Fact]
    public async Task The_list_of_repositories_is_kept_for_a_minute()
    {
        await using var kit = await GitHubKit.WithApp();
        kit.Stub.On("GET /app/installations?per_page=100", "[]");
        await kit.Forge.Repositories(Cancellation);
        await kit.Forge.Repositories(Cancellation);
        kit.Stub.Calls.Count.ShouldBe(1);

        kit.Time.Now += TimeSpan.FromMinutes(1);
        await kit.Forge.Repositories(Cancellation);
        kit.Stub.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_App_signs_with_the_address_GitHub_knows_it_by()
    {
        await using var kit = await GitHubKit.WithApp();
        (await kit.Forge.Self(Cancellation)).ShouldBe(new Person("github", "helper[bot]", "helper[bot]", "99+helper[bot]@users.noreply.github.com"));
        kit.Stub.Calls.Single(c => c.Line == "GET /users/helper%5Bbot%5D").Authorization.ShouldBeEmpty();
    }

    [Fact]
    public async Task Git_goes_to_the_web_address_with_a_token_of_its_own()
    {
        await using var kit = await GitHubKit.WithApp(("GitHub:WebUrl", "https://git.example/sub"));
        var access = await kit.Forge.Access(Shop, GitRight.Write, Cancellation);

        access.Remote.ShouldBe(new Uri("https://git.example/sub/octo/shop.git"));
        Encoding.ASCII.GetString(Convert.FromBase64String(access.Authorization!["Basic ".Length..])).ShouldBe("x-access-token:ghs_7_test");
    }

    private const string Sha = "0123456789abcdef0123456789abcdef01234567";

    private static string File(string path) => $"GET /repos/octo/shop/contents/{path}?ref={Sha}";

    private static void Head(GitHubKit kit, string branch, string escaped) => kit.Stub
        .On("GET /repos/octo/shop", $$"""{"full_name":"octo/shop","default_branch":"{{branch}}"}""")
        .On($"GET /repos/octo/shop/git/ref/heads/{escaped}", $$$"""{"ref":"refs/heads/{{{branch}}}","object":{"sha":"{{{Sha}}}","type":"commit"}}""");

    private static string Pull(int number, string branch = "bots/fix", string from = "octo/shop") => $$$"""
        {"number":{{{number}}},"state":"open","title":"x","html_url":"https://github.com/octo/shop/pull/{{{number}}}",
         "head":{"ref":"{{{branch}}}","repo":{"full_name":"{{{from}}}"}},"base":{"ref":"main"}}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
