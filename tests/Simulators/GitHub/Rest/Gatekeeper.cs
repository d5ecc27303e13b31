using Bots.Simulators.GitHub.State;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>Lets a call through to its endpoint, or refuses it, by what the endpoint needs.</summary>
internal static class Gatekeeper
{
    /// <exception cref="ApiException">401, 403 or 404.</exception>
    public static void Admit(Call call, World world, RateLimits limits)
    {
        var needs = call.Http.GetEndpoint()?.Metadata.GetMetadata<Needs>() ?? throw ApiException.NotFound();
        switch (needs.By)
        {
            case NeededBy.App when call.Caller is not Caller.App:
                throw new ApiException(401, "A JSON web token could not be decoded");
            case NeededBy.Installation when call.Caller is not Caller.Installed:
                throw new ApiException(403, "You must authenticate with an installation access token in order to use this endpoint.");
            case NeededBy.Anybody or NeededBy.Repository when call.Caller is Caller.App:
                throw new ApiException(401, "Bad credentials");
        }

        if (call.Route("owner") is { } owner && call.Route("repo") is { } name)
        {
            call.Repository = world.Find(owner, name) ?? throw ApiException.NotFound();
            if (needs.By == NeededBy.Repository) Admit(call, needs);
        }

        if (needs.Level == "write") limits.CountContent(call.Caller);
    }

    private static void Admit(Call call, Needs needs)
    {
        if (!Access.Sees(call.Caller, call.Repository)) throw ApiException.NotFound();
        if (needs.Level == "write" && call.Caller is Caller.Anonymous) throw new ApiException(401, "Requires authentication");
        if (needs.Permissions.Length == 0 || needs.Permissions.Any(p => Holds(call, needs, p))) return;
        call.Http.Response.Headers["x-accepted-github-permissions"] = string.Join("; ", needs.Permissions.Select(p => $"{p}={needs.Level}"));
        throw call.Caller is Caller.Person ? ApiException.NotFound() : ApiException.Forbidden();
    }

    /// <summary>A permission on pull requests stands for one on issues only where the issue is a pull request.</summary>
    private static bool Holds(Call call, Needs needs, string permission)
    {
        if (permission == "checks" && needs.Level == "write" && call.Caller is Caller.Person)
            throw new ApiException(403, "You must authenticate via a GitHub App.");
        if (!Access.Allows(call.Caller, call.Repository, permission, needs.Level)) return false;
        return permission != "pull_requests" || !needs.Permissions.Contains("issues") || Issue(call) is not { Pull: null };
    }

    private static Issue? Issue(Call call)
    {
        if (int.TryParse(call.Route("number"), out var number)) return call.Repository.Issues.GetValueOrDefault(number);
        return long.TryParse(call.Route("id"), out var id) ? World.FindComment(call.Repository, id)?.Issue : null;
    }
}
