using System.Text.Json.Nodes;
using Bots.Simulators.GitHub.Git;
using Bots.Simulators.GitHub.Rendering;
using Bots.Simulators.GitHub.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>Branches, refs, commits and comparisons.</summary>
internal sealed class GitDataEndpoints(World world, Renderer render, Comparisons comparisons)
{
    private const string Permission = "contents";

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/repos/{owner}/{repo}/git/ref/{**path}", Ref).Reads(Permission);
        api.MapGet("/repos/{owner}/{repo}/branches", Branches).Reads(Permission);
        api.MapGet("/repos/{owner}/{repo}/branches/{**path}", Branch).Reads(Permission);
        api.MapGet("/repos/{owner}/{repo}/compare/{**path}", Compare).Reads(Permission);
        api.MapGet("/repos/{owner}/{repo}/commits/{sha}", Commit).Reads(Permission);
    }

    private async Task Ref(HttpContext http)
    {
        var call = Call.Of(http);
        var name = "refs/" + call.Route("path");
        var refs = await BareRepository.Refs(call.Repository.Path);
        if (refs.Count == 0) throw new ApiException(409, "Git Repository is empty.");
        await Answer.Ok(http, render.Reference(call.Repository, name, refs.GetValueOrDefault(name) ?? throw ApiException.NotFound()));
    }

    private async Task Branches(HttpContext http)
    {
        var refs = (await BareRepository.Refs(Call.Of(http).Repository.Path)).Where(r => r.Key.StartsWith("refs/heads/", StringComparison.Ordinal)).ToList();
        await Answer.Page(http, refs, branch => new JsonObject
        {
            ["name"] = branch.Key["refs/heads/".Length..],
            ["commit"] = new JsonObject
            {
                ["sha"] = branch.Value,
                ["url"] = new Uri(world.ApiUrl, $"repos/{Call.Of(http).Repository.FullName}/commits/{branch.Value}").AbsoluteUri,
            },
            ["protected"] = false,
        });
    }

    private async Task Branch(HttpContext http)
    {
        var call = Call.Of(http);
        var name = call.Route("path")!;
        var sha = await BareRepository.Resolve(call.Repository.Path, "refs/heads/" + name) ?? throw new ApiException(404, "Branch not found");
        await Answer.Ok(http, render.Branch(call.Repository, name, (await CommitInfo.Log(call.Repository.Path, "-1", sha))[0]));
    }

    private async Task Commit(HttpContext http)
    {
        var call = Call.Of(http);
        var name = call.Route("sha")!;
        var sha = await BareRepository.Resolve(call.Repository.Path, name) ?? throw new ApiException(422, $"No commit found for SHA: {name}");
        await Answer.Ok(http, render.Commit(call.Repository, (await CommitInfo.Log(call.Repository.Path, "-1", sha))[0]));
    }

    private async Task Compare(HttpContext http)
    {
        var call = Call.Of(http);
        var repository = call.Repository;
        if (call.Route("path")!.Split("...", 2) is not [var from, var to]) throw ApiException.NotFound();
        var (baseSha, headSha) = (await Side(repository, from), await Side(repository, to));
        var comparison = await comparisons.Compare(repository.Path, baseSha, headSha);
        if (comparison.MergeBase is null) throw new ApiException(404, $"No common ancestor between {from} and {to}.");
        if (call.Accepts("diff"))
        {
            var diff = await GitCommand.Run(repository.Path, "diff", "-M", comparison.MergeBase, headSha, "--");
            await Answer.Text(http, diff, "application/vnd.github.diff; charset=utf-8");
            return;
        }

        await Answer.Ok(http, await Render(repository, comparison, $"{from}...{to}"));
    }

    private async Task<JsonObject> Render(Repository repository, Comparison comparison, string name)
    {
        var api = new Uri(world.ApiUrl, $"repos/{repository.FullName}/compare/{name}").AbsoluteUri;
        var web = new Uri(world.WebUrl, $"{repository.FullName}/compare/{name}").AbsoluteUri;
        return new JsonObject
        {
            ["url"] = api,
            ["html_url"] = web,
            ["permalink_url"] = web,
            ["diff_url"] = web + ".diff",
            ["patch_url"] = web + ".patch",
            ["base_commit"] = render.Commit(repository, (await CommitInfo.Log(repository.Path, "-1", comparison.Base))[0]),
            ["merge_base_commit"] = render.Commit(repository, (await CommitInfo.Log(repository.Path, "-1", comparison.MergeBase!))[0]),
            ["status"] = comparison.Status,
            ["ahead_by"] = comparison.Commits.Count,
            ["behind_by"] = comparison.BehindBy,
            ["total_commits"] = comparison.Commits.Count,
            ["commits"] = new JsonArray([.. comparison.Commits.Take(250).Select(c => render.Commit(repository, c))]),
            ["files"] = new JsonArray([.. comparison.Files.Take(300).Select(f => render.File(repository, f, comparison.Head))]),
        };
    }

    /// <summary>A side of a comparison: a revision here, or <c>user:branch</c> of a fork.</summary>
    private async Task<string> Side(Repository repository, string name)
    {
        var source = name.Split(':', 2) is [var owner, _]
            ? world.Repositories.FirstOrDefault(r => (r == repository || r.Parent == repository) && r.Owner.Login == owner) ?? throw ApiException.NotFound()
            : repository;
        var sha = await BareRepository.Resolve(source.Path, name.Split(':', 2)[^1]) ?? throw ApiException.NotFound();
        await Operations.PullHeads.Fetch(repository, source, sha);
        return sha;
    }
}
