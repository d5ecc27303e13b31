using System.Text.Json;
using Bots.Simulators.GitHub.Operations;
using Bots.Simulators.GitHub.Rest;
using Bots.Simulators.GitHub.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bots.Simulators.GitHub.Control;

/// <summary>The API by which a page shows and drives the simulator. It is no part of GitHub.</summary>
internal sealed class ControlEndpoints(GitHubSimulator simulator, World world, CancellationToken stopping)
{
    private static readonly TimeSpan Coalescing = TimeSpan.FromMilliseconds(50);

    public void Map(IEndpointRouteBuilder routes)
    {
        var control = routes.MapGroup("/_sim");
        control.MapGet("/state", async (HttpContext http) => await Answer.Ok(http, await new StateView(simulator, world).Render()));
        control.MapGet("/stream", Stream);
        Post(control, "/comment", body => simulator.Comment(body.Required("user"), body.Required("repo"), body.Number("number"), body.Required("body")).Id);
        Post(control, "/tick", body => simulator.TickCheckbox(body.Required("user"), body.Required("repo"), body.Id("comment"), body.Number("index")).Id);
        Post(control, "/edit", body => simulator.EditComment(body.Required("user"), body.Required("repo"), body.Id("comment"), body.Required("body")).Id);
        Post(control, "/check", body =>
        {
            simulator.ClickCheckAction(body.Required("user"), body.Required("repo"), body.Id("check"), body.Required("identifier"));
            return body.Id("check");
        });
        Post(control, "/issues", body => simulator.OpenIssue(body.Required("user"), body.Required("repo"), body.Required("title"), body.Text("body") ?? "").Number);
        PostAsync(control, "/pulls", OpenPull);
        PostAsync(control, "/merge", async body => (await simulator.MergePullRequest(body.Required("user"), body.Required("repo"), body.Number("number"))).Number);
        PostAsync(control, "/close", async body => (await simulator.ClosePullRequest(body.Required("user"), body.Required("repo"), body.Number("number"))).Number);
    }

    /// <summary>Opens a pull request; files, if given, are committed to the head branch first.</summary>
    private async Task<long> OpenPull(Input body)
    {
        var (user, repository, title, head) = (body.Required("user"), body.Required("repo"), body.Required("title"), body.Required("head"));
        if (body.Object("files") is { } files)
        {
            var contents = files.Properties.ToDictionary(f => f.Key, f => f.Value?.GetValue<string>());
            await simulator.Commit(repository, head, contents, title, user);
        }

        var opened = await simulator.OpenPullRequest(
            user, repository, title, body.Text("body") ?? "", head, body.Text("base") ?? simulator.Repository(repository).DefaultBranch, draft: body.Flag("draft") ?? false);
        return opened.Number;
    }

    /// <summary>Server-sent events: one <c>change</c> at once, then one for every burst of changes.</summary>
    private async Task Stream(HttpContext http)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            while (true)
            {
                var next = world.Changed.Next;
                await http.Response.WriteAsync($"event: change\ndata: {{\"version\":{world.Changed.Version}}}\n\n", ended.Token);
                await http.Response.Body.FlushAsync(ended.Token);
                await next.WaitAsync(ended.Token);
                await Task.Delay(Coalescing, TimeProvider.System, ended.Token);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            http.Abort();
        }
    }

    private static void Post(RouteGroupBuilder control, string path, Func<Input, long> act) => PostAsync(control, path, body => Task.FromResult(act(body)));

    private static void PostAsync(RouteGroupBuilder control, string path, Func<Input, Task<long>> act) => control.MapPost(path, async (HttpContext http) =>
    {
        // A page of another origin could send a plain form; JSON makes the browser ask first.
        if (!http.Request.HasJsonContentType())
        {
            await Answer.Ok(http, new ApiException(415, "Send application/json.").Body(), StatusCodes.Status415UnsupportedMediaType);
            return;
        }

        try
        {
            using var reader = new StreamReader(http.Request.Body);
            var id = await act(Input.Parse(await reader.ReadToEndAsync(http.RequestAborted)));
            await Answer.Ok(http, new System.Text.Json.Nodes.JsonObject { ["id"] = id });
        }
        catch (ApiException error)
        {
            await Answer.Ok(http, error.Body(), error.Status);
        }
        catch (InvalidOperationException refused)
        {
            await Answer.Ok(http, new ApiException(400, refused.Message).Body(), StatusCodes.Status400BadRequest);
        }
    });
}
