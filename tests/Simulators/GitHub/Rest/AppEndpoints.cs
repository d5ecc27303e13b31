using System.Text.Json.Nodes;
using Bots.Simulators.GitHub.Operations;
using Bots.Simulators.GitHub.Rendering;
using Bots.Simulators.GitHub.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>The app, its installations and their access tokens.</summary>
internal sealed class AppEndpoints(World world, Renderer render, InstallationOperations installations)
{
    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/app", (HttpContext http) => Answer.Ok(http, App())).AsApp();
        api.MapGet("/app/installations", ListInstallations).AsApp();
        api.MapGet("/app/installations/{id}", (HttpContext http) => Answer.Ok(http, render.Installation(Installation(http)))).AsApp();
        api.MapGet("/repos/{owner}/{repo}/installation", (HttpContext http) => InstallationOf(http, i => i.Covers(Call.Of(http).Repository))).AsApp();
        foreach (var kind in (string[])["orgs", "users"])
            api.MapGet($"/{kind}/{{login}}/installation", (HttpContext http) => InstallationOf(http, i => Is(i.Account, Call.Of(http).Route("login")))).AsApp();
        api.MapPost("/app/installations/{id}/access_tokens", CreateToken).AsApp();
        api.MapDelete("/installation/token", Revoke).AsInstallation();
        api.MapGet("/installation/repositories", ListRepositories).AsInstallation();
    }

    private JsonObject App()
    {
        var app = render.App();
        app["installations_count"] = world.Installations.Count;
        return app;
    }

    private Task ListInstallations(HttpContext http) =>
        Answer.Page(http, world.Installations.Values.OrderBy(i => i.Id).ToList(), render.Installation);

    private Task InstallationOf(HttpContext http, Func<Installation, bool> where) =>
        Answer.Ok(http, render.Installation(world.Installations.Values.FirstOrDefault(where) ?? throw ApiException.NotFound()));

    private Task CreateToken(HttpContext http)
    {
        var (token, repositories) = installations.Issue(Installation(http), Call.Of(http).Input);
        return Answer.Ok(http, render.Token(token, repositories), StatusCodes.Status201Created);
    }

    private Task Revoke(HttpContext http)
    {
        world.Tokens.TryRemove(((Caller.Installed)Call.Of(http).Caller).Token.Value, out _);
        return Answer.NoContent(http);
    }

    private Task ListRepositories(HttpContext http)
    {
        var caller = (Caller.Installed)Call.Of(http).Caller;
        var repositories = installations.Repositories(caller.Installation)
            .Where(r => caller.Token.RepositoryIds?.Contains(r.Id) != false)
            .ToList();
        var role = Access.Grants(caller.Token.Permissions, "contents", "write") ? Role.Write : Role.Read;
        return Answer.Page(http, repositories, r => render.Repository(r, role), page => new JsonObject
        {
            ["total_count"] = repositories.Count,
            ["repository_selection"] = caller.Installation.Selection,
            ["repositories"] = page,
        });
    }

    private Installation Installation(HttpContext http) =>
        world.Installations.GetValueOrDefault(Call.Of(http).Id) ?? throw ApiException.NotFound();

    private static bool Is(Account account, string? login) => string.Equals(account.Login, login, StringComparison.OrdinalIgnoreCase);
}
