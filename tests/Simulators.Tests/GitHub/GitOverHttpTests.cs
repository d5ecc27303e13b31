using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Bots.Simulators.GitHub.Faults;

namespace Bots.Simulators.Tests.GitHub;

public sealed class GitOverHttpTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_public_repository_is_cloned_without_a_token()
    {
        await using var hub = await Hub.Start();
        using var git = new GitClient();

        var (code, output) = await git.Run($"clone -q {Remote(hub)} shop");

        code.ShouldBe(0, output);
        (await File.ReadAllTextAsync(Path.Combine(git.Folder, "shop/README.md"), Cancellation)).ShouldBe("# Shop\n");
    }

    [Fact]
    public async Task A_private_repository_is_cloned_with_a_token_only()
    {
        await using var hub = await Hub.Start(isPrivate: true);
        using var git = new GitClient();

        var (refused, why) = await git.Run($"clone -q {Remote(hub)} shop");
        refused.ShouldNotBe(0);
        why.ShouldContain("could not read Username");
        (await git.Run($"clone -q {Remote(hub)} shop", GitClient.Authorized("ghs_wrong"))).ExitCode.ShouldNotBe(0);

        var (code, output) = await git.Run($"clone -q {Remote(hub)} shop", GitClient.Authorized(await hub.Token()));
        code.ShouldBe(0, output);
    }

    [Fact]
    public async Task A_push_with_a_token_makes_a_branch()
    {
        await using var hub = await Hub.Start();
        using var git = new GitClient();
        await git.Run($"clone -q {Remote(hub)} shop");
        await git.Run("checkout -q -b bots/work", directory: "shop");
        await git.Commit("shop", "new.txt", "new\n");

        var (code, output) = await git.Run("push -q origin bots/work", GitClient.Authorized(await hub.Token()), "shop");

        code.ShouldBe(0, output);
        var tip = await hub.Simulator.Git(Hub.Shop, "show", "bots/work:new.txt");
        tip.ShouldBe("new");
        (await hub.Simulator.Branches(Hub.Shop)).Keys.ShouldBe(["bots/work", "main"], ignoreOrder: true);
        var call = hub.Simulator.Calls.Single(c => c is { Method: "POST", Path: "/acme/shop.git/git-receive-pack" });
        (call.Status, call.Caller).ShouldBe((200, $"installation {hub.Simulator.Installation("acme").Id}"));
    }

    [Fact]
    public async Task A_push_without_a_token_or_with_one_that_only_reads_is_refused()
    {
        await using var hub = await Hub.Start();
        using var git = new GitClient();
        await git.Run($"clone -q {Remote(hub)} shop");
        await git.Commit("shop", "new.txt", "new\n");

        (await git.Run("push -q origin main", directory: "shop")).ExitCode.ShouldNotBe(0);
        var reader = GitClient.Authorized(await hub.Token("""{"permissions":{"contents":"read"}}"""));
        var (code, output) = await git.Run("push -q origin main", reader, "shop");

        code.ShouldNotBe(0);
        output.ShouldContain("Write access to repository not granted");
        (await hub.Simulator.Git(Hub.Shop, "rev-list", "--count", "main")).ShouldBe("1");
    }

    [Fact]
    public async Task A_large_push_is_streamed_in_chunks()
    {
        await using var hub = await Hub.Start();
        using var git = new GitClient();
        await git.Run($"clone -q {Remote(hub)} shop");
        var noise = new byte[3_000_000];
        new Random(7).NextBytes(noise);
        await git.Commit("shop", "noise.txt", Convert.ToBase64String(noise));

        var (code, output) = await git.Run("-c http.postBuffer=65536 push -q origin main", GitClient.Authorized(await hub.Token()), "shop");

        code.ShouldBe(0, output);
        (await hub.Simulator.Git(Hub.Shop, "cat-file", "-s", "main:noise.txt")).ShouldBe("4000000");
    }

    [Fact]
    public async Task A_compressed_request_is_understood()
    {
        await using var hub = await Hub.Start();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var body = new MemoryStream();
        await using (var gzip = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync("0014command=ls-refs\n0000"u8.ToArray(), Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(hub.Simulator.WebUrl, "acme/shop.git/git-upload-pack"));
        request.Content = new ByteArrayContent(body.ToArray());
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-git-upload-pack-request");
        request.Content.Headers.ContentEncoding.Add("gzip");
        request.Headers.Add("Git-Protocol", "version=2");

        using var response = await http.SendAsync(request, Cancellation);

        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("refs/heads/main");
    }

    [Fact]
    public async Task Protocol_version_2_is_spoken()
    {
        await using var hub = await Hub.Start();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(hub.Simulator.WebUrl, "acme/shop.git/info/refs?service=git-upload-pack"));
        request.Headers.Add("Git-Protocol", "version=2");

        using var response = await http.SendAsync(request, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-git-upload-pack-advertisement");
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("version 2");
    }

    [Fact]
    public async Task Who_may_not_is_told_how_to_authenticate()
    {
        await using var hub = await Hub.Start(isPrivate: true);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var refs = new Uri(hub.Simulator.WebUrl, "acme/shop.git/info/refs?service=git-upload-pack");

        using var anonymous = await http.GetAsync(refs, Cancellation);
        anonymous.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        anonymous.Headers.WwwAuthenticate.ToString().ShouldBe("Basic realm=\"GitHub\"");

        using var bearer = new HttpRequestMessage(HttpMethod.Get, refs);
        bearer.Headers.TryAddWithoutValidation("Authorization", "Bearer " + await hub.Token());
        using var refused = await http.SendAsync(bearer, Cancellation);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using var dumb = await http.GetAsync(new Uri(hub.Simulator.WebUrl, "acme/shop.git/info/refs"), Cancellation);
        dumb.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_head_of_a_pull_request_can_be_fetched_and_not_pushed()
    {
        await using var hub = await Hub.Start();
        var pull = await hub.OpenPull();
        using var git = new GitClient();
        await git.Run($"clone -q {Remote(hub)} shop");

        (await git.Run($"fetch -q origin refs/pull/{pull.Number}/head", directory: "shop")).ExitCode.ShouldBe(0);
        (await git.Run("rev-parse FETCH_HEAD", directory: "shop")).Output.Trim().ShouldBe(pull.Pull!.HeadSha);
        var push = await git.Run("push -q origin HEAD:refs/pull/9/head", GitClient.Authorized(await hub.Token()), "shop");
        push.ExitCode.ShouldNotBe(0);
        push.Output.ShouldContain("deny updating a hidden ref");
    }

    [Fact]
    public async Task Workflows_are_not_pushed_without_the_permission_for_them()
    {
        await using var hub = await Hub.Start();
        using var git = new GitClient();
        await git.Run($"clone -q {Remote(hub)} shop");
        await git.Commit("shop", ".github/workflows/ci.yml", "on: push\n");

        var (code, output) = await git.Run("push -q origin HEAD:refs/heads/ci", GitClient.Authorized(await hub.Token()), "shop");

        code.ShouldNotBe(0);
        output.ShouldContain("refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission");
    }

    [Fact]
    public async Task A_push_whose_answer_is_lost_has_happened_all_the_same()
    {
        await using var hub = await Hub.Start();
        using var git = new GitClient();
        await git.Run($"clone -q {Remote(hub)} shop");
        await git.Commit("shop", "new.txt", "new\n");
        var token = await hub.Token();

        // Twice, as git's HTTP library silently tries again when a connection it had in use breaks.
        hub.Simulator.Fail("POST /acme/shop.git/git-receive-pack", Fault.DropBefore, times: 2);
        (await git.Run("push -q origin HEAD:refs/heads/work", GitClient.Authorized(token), "shop")).ExitCode.ShouldNotBe(0);
        (await hub.Simulator.Branches(Hub.Shop)).Keys.ShouldBe(["main"]);

        hub.Simulator.Fail("POST /acme/shop.git/git-receive-pack", Fault.DropAfter, times: 2);
        (await git.Run("push -q origin HEAD:refs/heads/work", GitClient.Authorized(token), "shop")).ExitCode.ShouldNotBe(0);
        (await hub.Simulator.Branches(Hub.Shop)).Keys.ShouldContain("work");
    }

    [Fact]
    public async Task A_commit_made_here_carries_the_users_name_and_the_simulators_time()
    {
        await using var hub = await Hub.Start();

        await hub.Simulator.Commit(Hub.Shop, "topic", new Dictionary<string, string?> { ["a/b.txt"] = "ä\n", ["README.md"] = null }, "Ändern", "ada");

        (await hub.Simulator.Git(Hub.Shop, "log", "-1", "--format=%an <%ae> %aI %s", "topic"))
            .ShouldBe("ada <11+ada@users.noreply.github.com> 2026-11-20T09:00:00+00:00 Ändern");
        (await hub.Simulator.Git(Hub.Shop, "ls-tree", "-r", "--name-only", "topic")).ShouldBe("a/b.txt\nsrc/cart.txt");
        Encoding.UTF8.GetByteCount(await hub.Simulator.Git(Hub.Shop, "show", "topic:a/b.txt")).ShouldBe(2);
    }

    private static Uri Remote(Hub hub) => new(hub.Simulator.WebUrl, "acme/shop.git");
}
