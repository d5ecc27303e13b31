using System.Text.Json.Nodes;
using Bots.Simulators.GitHub.Git;
using Bots.Simulators.GitHub.Operations;
using Bots.Simulators.GitHub.Rendering;
using Bots.Simulators.GitHub.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>Check runs.</summary>
internal sealed class CheckEndpoints(Renderer render, CheckOperations checks)
{
    private const string Permission = "checks";

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/repos/{owner}/{repo}/check-runs", Create).Writes(Permission);
        api.MapGet("/repos/{owner}/{repo}/check-runs/{id:long}", Get).Reads(Permission);
        api.MapPatch("/repos/{owner}/{repo}/check-runs/{id:long}", Update).Writes(Permission);
        api.MapGet("/repos/{owner}/{repo}/commits/{sha}/check-runs", List).Reads(Permission);
    }

    private async Task Create(HttpContext http)
    {
        var call = Call.Of(http);
        await Answer.Created(http, render.CheckRun(call.Repository, await checks.Create(call.Actor, call.Repository, call.Input)));
    }

    private Task Get(HttpContext http)
    {
        var call = Call.Of(http);
        var run = call.Repository.CheckRuns.Find(r => r.Id == call.Id) ?? throw ApiException.NotFound();
        return Answer.Ok(http, render.CheckRun(call.Repository, run));
    }

    private Task Update(HttpContext http)
    {
        var call = Call.Of(http);
        return Answer.Ok(http, render.CheckRun(call.Repository, checks.Update(call.Actor, call.Repository, call.Id, call.Input)));
    }

    private async Task List(HttpContext http)
    {
        var call = Call.Of(http);
        var name = call.Route("sha")!;
        var sha = await BareRepository.Resolve(call.Repository.Path, name) ?? throw new ApiException(422, $"No commit found for SHA: {name}");
        var runs = Filtered(call, call.Repository.CheckRuns.FindAll(r => r.HeadSha == sha)).ToList();
        await Answer.Page(http, runs, run => render.CheckRun(call.Repository, run), page => new JsonObject
        {
            ["total_count"] = runs.Count, ["check_runs"] = page,
        });
    }

    private static IEnumerable<CheckRun> Filtered(Call call, IEnumerable<CheckRun> runs)
    {
        if (call.Query("check_name") is { } name) runs = runs.Where(r => r.Name == name);
        if (call.Query("status") is { } status) runs = runs.Where(r => r.Status == status);
        return call.Query("filter") == "all" ? runs : runs.GroupBy(r => r.Name).Select(g => g.Last());
    }
}
