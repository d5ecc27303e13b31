using System.Net;
using System.Text.Json.Nodes;

namespace Bots.Simulators.Tests.GitHub;

public sealed class PullRequestTests
{
    private const string Pulls = "repos/acme/shop/pulls";

    [Fact]
    public async Task The_app_opens_a_draft_for_a_pushed_branch()
    {
        await using var hub = await Hub.Start();
        var sha = await Branch(hub, "bots/work");

        var opened = await hub.Call("POST", Pulls, Body("bots/work", draft: true));

        opened.Status.ShouldBe(HttpStatusCode.Created);
        var json = opened.Json;
        json["number"]!.GetValue<int>().ShouldBe(1);
        json["draft"]!.GetValue<bool>().ShouldBeTrue();
        json["user"]!["login"]!.GetValue<string>().ShouldBe("bots[bot]");
        json["head"]!["sha"]!.GetValue<string>().ShouldBe(sha);
        json["head"]!["label"]!.GetValue<string>().ShouldBe("acme:bots/work");
        (json["additions"]!.GetValue<int>(), json["deletions"]!.GetValue<int>(), json["changed_files"]!.GetValue<int>()).ShouldBe((2, 1, 1));
        json["html_url"]!.GetValue<string>().ShouldBe(new Uri(hub.Simulator.WebUrl, "acme/shop/pull/1").AbsoluteUri);
    }

    [Fact]
    public async Task What_cannot_be_opened_is_refused_in_the_originals_words()
    {
        await using var hub = await Hub.Start();
        await Branch(hub, "work");
        await hub.Simulator.Commit(Hub.Shop, "same", new Dictionary<string, string?> { ["x"] = "x" }, "x", "ada");
        await hub.Simulator.MergePullRequest("ada", Hub.Shop, (await hub.Simulator.OpenPullRequest("ada", Hub.Shop, "Same", "", "same")).Number);
        await hub.Call("POST", Pulls, Body("work"));

        Error(await hub.Call("POST", Pulls, Body("nowhere"))).ShouldBe("""{"resource":"PullRequest","code":"invalid","field":"head"}""");
        Error(await hub.Call("POST", Pulls, Body("work", "nowhere"))).ShouldBe("""{"resource":"PullRequest","code":"invalid","field":"base"}""");
        Error(await hub.Call("POST", Pulls, Body("same"))).ShouldBe("""{"resource":"PullRequest","code":"custom","message":"No commits between main and same"}""");
        Error(await hub.Call("POST", Pulls, Body("work"))).ShouldBe("""{"resource":"PullRequest","code":"custom","message":"A pull request already exists for acme:work."}""");
    }

    [Fact]
    public async Task Pull_requests_are_found_by_head_base_and_state()
    {
        await using var hub = await Hub.Start();
        await hub.OpenPull("one");
        await hub.OpenPull("two");
        await hub.Simulator.ClosePullRequest("ada", Hub.Shop, 1);

        (await Numbers(hub, "?head=acme:two")).ShouldBe([2]);
        (await Numbers(hub, "?head=acme:one")).ShouldBeEmpty();
        (await Numbers(hub, "?head=acme:one&state=all")).ShouldBe([1]);
        (await Numbers(hub, "?state=closed")).ShouldBe([1]);
        (await Numbers(hub, "?state=all&base=main")).ShouldBe([2, 1]);
        (await Numbers(hub, "?base=other")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Files_commits_and_diff_are_what_git_says()
    {
        await using var hub = await Hub.Start();
        var pull = await hub.OpenPull();
        await hub.Simulator.Commit(Hub.Shop, "feature", new Dictionary<string, string?> { ["README.md"] = null, ["docs/README.md"] = "# Shop\n" }, "Move", "ada");

        var files = (await hub.Call("GET", $"{Pulls}/{pull.Number}/files")).Json.AsArray();
        files.Select(f => $"{f!["status"]} {f["filename"]} {f["previous_filename"]}".Trim()).ShouldBe(["renamed docs/README.md README.md", "modified src/cart.txt"]);
        files[1]!["patch"]!.GetValue<string>().ShouldBe("@@ -1,3 +1,4 @@\n one\n two\n-three\n+four\n+five");

        var commits = (await hub.Call("GET", $"{Pulls}/{pull.Number}/commits")).Json.AsArray();
        commits.Select(c => c!["commit"]!["message"]!.GetValue<string>()).ShouldBe(["Change src/cart.txt", "Move"]);
        commits[0]!["author"]!["login"]!.GetValue<string>().ShouldBe("ada");

        var diff = await hub.Call("GET", $"{Pulls}/{pull.Number}", null, ("Accept", "application/vnd.github.diff"));
        diff.Headers["Content-Type"].ShouldBe("application/vnd.github.diff; charset=utf-8");
        diff.Text.ShouldStartWith("diff --git a/README.md b/docs/README.md\n");
    }

    [Fact]
    public async Task A_pull_request_that_conflicts_is_not_mergeable()
    {
        await using var hub = await Hub.Start();
        var pull = await hub.OpenPull();
        (await hub.Call("GET", $"{Pulls}/{pull.Number}")).Json["mergeable"]!.GetValue<bool>().ShouldBeTrue();

        await hub.Simulator.Commit(Hub.Shop, "main", new Dictionary<string, string?> { ["src/cart.txt"] = "one\ntwo\nsix\n" }, "Conflict", "ada");

        var json = (await hub.Call("GET", $"{Pulls}/{pull.Number}")).Json;
        json["mergeable"]!.GetValue<bool>().ShouldBeFalse();
        json["mergeable_state"]!.GetValue<string>().ShouldBe("dirty");
        (await hub.Call("PUT", $"{Pulls}/{pull.Number}/merge", "{}")).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task A_pull_request_is_edited_closed_reopened_and_merged()
    {
        await using var hub = await Hub.Start();
        var pull = await hub.OpenPull();
        var path = $"{Pulls}/{pull.Number}";

        (await hub.Call("PATCH", path, """{"title":"Better"}""")).Json["title"]!.GetValue<string>().ShouldBe("Better");
        (await hub.Call("PATCH", path, """{"state":"closed"}""")).Json["state"]!.GetValue<string>().ShouldBe("closed");
        (await hub.Call("PATCH", path, """{"state":"open"}""")).Json["closed_at"].ShouldBeNull();
        (await hub.Call("PUT", path + "/merge", """{"sha":"0000000000000000000000000000000000000000"}""")).Status.ShouldBe(HttpStatusCode.Conflict);
        var merged = await hub.Call("PUT", path + "/merge", $$"""{"sha":"{{pull.Pull!.HeadSha}}"}""");

        merged.Json["merged"]!.GetValue<bool>().ShouldBeTrue();
        (await hub.Simulator.Branches(Hub.Shop))["main"].ShouldBe(merged.Json["sha"]!.GetValue<string>());
        var json = (await hub.Call("GET", path)).Json;
        json["merged"]!.GetValue<bool>().ShouldBeTrue();
        json["merged_by"]!["login"]!.GetValue<string>().ShouldBe("bots[bot]");
        json["changed_files"]!.GetValue<int>().ShouldBe(1);
        (await hub.Call("PATCH", path, """{"state":"open"}""")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_pull_request_comes_from_a_fork()
    {
        await using var hub = await Hub.Start();
        await hub.Simulator.Fork(Hub.Shop, "eve");
        await hub.Simulator.Commit("eve/shop", "idea", new Dictionary<string, string?> { ["idea.txt"] = "!\n" }, "Idea", "eve");

        var pull = await hub.Simulator.OpenPullRequest("eve", Hub.Shop, "Idea", "", "idea", fork: "eve/shop");

        (await hub.Simulator.Git(Hub.Shop, "rev-parse", $"refs/pull/{pull.Number}/head")).ShouldBe(pull.Pull!.HeadSha);
        var json = (await hub.Call("GET", $"{Pulls}/{pull.Number}")).Json;
        json["head"]!["repo"]!["full_name"]!.GetValue<string>().ShouldBe("eve/shop");
        json["head"]!["repo"]!["fork"]!.GetValue<bool>().ShouldBeTrue();
        (await hub.Simulator.Files(Hub.Shop, pull.Number)).Single().Path.ShouldBe("idea.txt");
        (await hub.Call("GET", "repos/acme/shop/compare/main...eve:idea")).Json["ahead_by"]!.GetValue<int>().ShouldBe(1);

        var next = await hub.Simulator.Commit("eve/shop", "idea", new Dictionary<string, string?> { ["idea.txt"] = "?\n" }, "Better idea", "eve");
        hub.Simulator.Issue(Hub.Shop, pull.Number).Pull!.HeadSha.ShouldBe(next);
        (await hub.Simulator.Git(Hub.Shop, "rev-parse", $"refs/pull/{pull.Number}/head")).ShouldBe(next);
    }

    [Fact]
    public async Task A_pull_request_whose_branch_is_deleted_is_closed()
    {
        await using var hub = await Hub.Start();
        var pull = await hub.OpenPull();

        await hub.Simulator.DeleteBranch(Hub.Shop, "feature", "ada");

        hub.Simulator.Issue(Hub.Shop, pull.Number).Open.ShouldBeFalse();
    }

    [Fact]
    public async Task Contents_refs_branches_and_comparisons_are_read_from_git()
    {
        await using var hub = await Hub.Start();
        var sha = await Branch(hub, "topic/deep");

        var file = (await hub.Call("GET", "repos/acme/shop/contents/src/cart.txt?ref=topic/deep")).Json;
        file["encoding"]!.GetValue<string>().ShouldBe("base64");
        Convert.FromBase64String(file["content"]!.GetValue<string>()).Length.ShouldBe("one\ntwo\nfour\nfive\n".Length);
        (await hub.Call("GET", "repos/acme/shop/contents/src/cart.txt", null, ("Accept", "application/vnd.github.raw+json"))).Text.ShouldBe("one\ntwo\nthree\n");
        (await hub.Call("GET", "repos/acme/shop/contents/src")).Json[0]!["path"]!.GetValue<string>().ShouldBe("src/cart.txt");
        (await hub.Call("GET", "repos/acme/shop/contents/")).Json.AsArray().Select(e => e!["type"]!.GetValue<string>()).ShouldBe(["file", "dir"]);
        (await hub.Call("GET", "repos/acme/shop/contents/.bots.yml")).Status.ShouldBe(HttpStatusCode.NotFound);

        (await hub.Call("GET", "repos/acme/shop/git/ref/heads/topic/deep")).Json["object"]!["sha"]!.GetValue<string>().ShouldBe(sha);
        (await hub.Call("GET", "repos/acme/shop/git/ref/heads/topic")).Status.ShouldBe(HttpStatusCode.NotFound);
        await hub.Simulator.CreateRepository("acme", "bare", new Dictionary<string, string>());
        await hub.Simulator.DeleteBranch("acme/bare", "main", "ada");
        (await hub.Call("GET", "repos/acme/bare/git/ref/heads/main")).Status.ShouldBe(HttpStatusCode.Conflict);

        (await hub.Call("GET", "repos/acme/shop/branches/topic%2Fdeep")).Json["commit"]!["sha"]!.GetValue<string>().ShouldBe(sha);
        (await hub.Call("GET", "repos/acme/shop/branches/nowhere")).Message.ShouldBe("Branch not found");
        var compared = (await hub.Call("GET", "repos/acme/shop/compare/main...topic/deep")).Json;
        (compared["status"]!.GetValue<string>(), compared["ahead_by"]!.GetValue<int>(), compared["files"]!.AsArray().Count).ShouldBe(("ahead", 1, 1));
    }

    private static Task<string> Branch(Hub hub, string name) => hub.Simulator.Commit(
        Hub.Shop, name, new Dictionary<string, string?> { ["src/cart.txt"] = "one\ntwo\nfour\nfive\n" }, "Work", "ada");

    private static string Body(string head, string @base = "main", bool draft = false) => new JsonObject
    {
        ["title"] = "Work", ["body"] = "By the bot.", ["head"] = head, ["base"] = @base, ["draft"] = draft,
    }.ToJsonString();

    private static string Error(Reply reply)
    {
        reply.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, reply.Text);
        reply.Message.ShouldBe("Validation Failed");
        return reply.Json["errors"]![0]!.ToJsonString();
    }

    private static async Task<IEnumerable<int>> Numbers(Hub hub, string query) =>
        (await hub.Call("GET", Pulls + query)).Json.AsArray().Select(p => p!["number"]!.GetValue<int>());
}
