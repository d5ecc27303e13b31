using Bots.Simulators.GitHub.Rendering;
using Bots.Simulators.GitHub.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>Users, repositories, and who may do what in them.</summary>
internal sealed class RepositoryEndpoints(World world, Renderer render)
{
    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/user", Self).Open();
        api.MapGet("/user/repos", OwnRepositories).Open();
        api.MapGet("/users/{login}", (HttpContext http) => Answer.Ok(http, render.Profile(User(http)))).Open();
        api.MapGet("/repos/{owner}/{repo}", Get).Reads();
        api.MapGet("/repos/{owner}/{repo}/collaborators/{login}/permission", Permission).Reads("metadata");
    }

    private Task Self(HttpContext http) => Call.Of(http).Caller switch
    {
        Caller.Person person => Answer.Ok(http, render.Profile(person.Account)),
        Caller.Installed => throw ApiException.Forbidden(),
        _ => throw new ApiException(401, "Requires authentication"),
    };

    private Task OwnRepositories(HttpContext http)
    {
        if (Call.Of(http).Caller is not Caller.Person(var user)) throw ApiException.Forbidden();
        var own = world.Repositories.Where(r => r.Owner.Id == user.Id || r.Roles.ContainsKey(user.Login)).ToList();
        return Answer.Page(http, own, r => render.Repository(r, r.RoleOf(user)));
    }

    private Task Get(HttpContext http)
    {
        var call = Call.Of(http);
        return Answer.Ok(http, render.Repository(call.Repository, RoleOf(call)));
    }

    private Task Permission(HttpContext http)
    {
        var call = Call.Of(http);
        if (call.Caller is not Caller.Installed && RoleOf(call) < Role.Write)
            throw new ApiException(403, "Must have push access to view collaborator permission.");
        var login = call.Route("login");
        var user = world.Accounts.GetValueOrDefault(login!);
        if (user is not { Type: AccountType.User }) throw new ApiException(404, $"{login} is not a user");
        return Answer.Ok(http, render.Permission(user, call.Repository.RoleOf(user)));
    }

    private Account User(HttpContext http)
    {
        var login = Call.Of(http).Route("login")!;
        if (login.Equals(world.Bot.Login, StringComparison.OrdinalIgnoreCase)) return world.Bot;
        return world.Accounts.GetValueOrDefault(login) ?? throw ApiException.NotFound();
    }

    private static Role RoleOf(Call call) => call.Caller switch
    {
        Caller.Person person => call.Repository.RoleOf(person.Account),
        _ when Access.Allows(call.Caller, call.Repository, "contents", "write") => Role.Write,
        _ => Role.Read,
    };
}
