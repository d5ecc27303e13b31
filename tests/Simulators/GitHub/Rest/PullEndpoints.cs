using Bots.Simulators.GitHub.Git;
using Bots.Simulators.GitHub.Operations;
using Bots.Simulators.GitHub.Rendering;
using Bots.Simulators.GitHub.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>Pull requests.</summary>
internal sealed class PullEndpoints(World world, Renderer render, PullOperations pulls, PullHeads heads)
{
    private const string Permission = "pull_requests";

    private const int MaxDiffLines = 20_000;

    public void Map(IEndpointRouteBuilder api)
    {
        const string pull = "/repos/{owner}/{repo}/pulls/{number:int}";
        api.MapGet("/repos/{owner}/{repo}/pulls", List).Reads(Permission);
        api.MapPost("/repos/{owner}/{repo}/pulls", Create).Writes(Permission);
        api.MapGet(pull, Get).Reads(Permission);
        api.MapPatch(pull, Change).Writes(Permission);
        api.MapGet(pull + "/files", Files).Reads(Permission);
        api.MapGet(pull + "/commits", Commits).Reads(Permission);
        api.MapGet(pull + "/merge", Merged).Reads(Permission);
        api.MapPut(pull + "/merge", Merge).Writes("contents");
    }

    private Task List(HttpContext http)
    {
        var call = Call.Of(http);
        var found = PullQuery.Of(call).Select(call.Repository.Issues.Values);
        return Answer.Page(http, found, issue => render.Pull(call.Repository, issue));
    }

    private async Task Create(HttpContext http)
    {
        var call = Call.Of(http);
        var input = call.Input;
        var title = input.Text("title") ?? throw ApiException.Invalid("PullRequest", "title", "missing_field");
        var (head, branch) = Head(call.Repository, input.Required("head"), input.Text("head_repo"));
        var draft = new PullDraft(
            title, input.Text("body"), head, branch, input.Required("base"), input.Flag("draft") ?? false, input.Flag("maintainer_can_modify") ?? true);
        if (!Access.Allows(call.Caller, head, "contents", "read")) throw ApiException.Invalid("PullRequest", "head", "invalid");
        var issue = await pulls.Open(call.Actor, call.Repository, draft);
        await Answer.Created(http, render.Pull(call.Repository, issue, await heads.Compare(call.Repository, issue)));
    }

    private async Task Get(HttpContext http)
    {
        var call = Call.Of(http);
        var comparison = await heads.Compare(call.Repository, call.PullRequest);
        if (call.Accepts("diff") || call.Accepts("patch")) await Diff(http, call, comparison);
        else await Answer.Ok(http, render.Pull(call.Repository, call.PullRequest, comparison));
    }

    private async Task Change(HttpContext http)
    {
        var call = Call.Of(http);
        var input = call.Input;
        call.DemandEditor(call.PullRequest.Author);
        var issue = await pulls.Change(
            call.Actor, call.Repository, call.PullRequest, input.Text("title"), input.Text("body"), input.Text("base"), input.Text("state"));
        await Answer.Ok(http, render.Pull(call.Repository, issue, await heads.Compare(call.Repository, issue)));
    }

    private async Task Files(HttpContext http)
    {
        var call = Call.Of(http);
        var comparison = await heads.Compare(call.Repository, call.PullRequest);
        await Answer.Page(http, comparison.Files, file => render.File(call.Repository, file, comparison.Head));
    }

    private async Task Commits(HttpContext http)
    {
        var call = Call.Of(http);
        var comparison = await heads.Compare(call.Repository, call.PullRequest);
        await Answer.Page(http, comparison.Commits.Take(250).ToList(), commit => render.Commit(call.Repository, commit));
    }

    private static Task Merged(HttpContext http) =>
        Call.Of(http).PullRequest.Pull!.MergedAt is null ? throw ApiException.NotFound() : Answer.NoContent(http);

    private async Task Merge(HttpContext http)
    {
        var call = Call.Of(http);
        var merged = await pulls.Merge(call.Actor, call.Repository, call.PullRequest, call.Input.Text("commit_title"), call.Input.Text("sha"));
        await Answer.Ok(http, new System.Text.Json.Nodes.JsonObject
        {
            ["sha"] = merged.Pull!.MergeCommitSha, ["merged"] = true, ["message"] = "Pull Request successfully merged",
        });
    }

    private static async Task Diff(HttpContext http, Call call, Comparison comparison)
    {
        var from = comparison.MergeBase ?? comparison.Base;
        var kind = call.Accepts("diff") ? "diff" : "patch";
        var text = kind == "diff"
            ? await GitCommand.Run(call.Repository.Path, "diff", "-M", from, comparison.Head, "--")
            : await GitCommand.Run(call.Repository.Path, "format-patch", "--stdout", $"{from}..{comparison.Head}");
        if (text.AsSpan().Count('\n') > MaxDiffLines)
        {
            throw new ApiException(406, $"Sorry, the diff exceeded the maximum number of lines ({MaxDiffLines})", new System.Text.Json.Nodes.JsonObject
            {
                ["resource"] = "PullRequest", ["field"] = "diff", ["code"] = "too_large",
            });
        }

        await Answer.Text(http, text, $"application/vnd.github.{kind}; charset=utf-8");
    }

    /// <summary><c>branch</c>, <c>user:branch</c>, or a branch of <c>head_repo</c>.</summary>
    private (Repository Repository, string Branch) Head(Repository repository, string head, string? headRepository)
    {
        var (owner, branch) = head.Split(':', 2) is [var user, var name] ? (user, name) : (repository.Owner.Login, head);
        var found = world.Repositories.FirstOrDefault(r =>
            (r == repository || r.Parent == repository)
            && r.Owner.Login.Equals(owner, StringComparison.OrdinalIgnoreCase)
            && (headRepository is null || headRepository == r.Name || headRepository == r.FullName));
        return (found ?? throw ApiException.Invalid("PullRequest", "head", "invalid"), branch);
    }
}
