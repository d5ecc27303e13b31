using System.Text;
using Bots.Simulators.GitHub.Operations;
using Bots.Simulators.GitHub.Rest;
using Bots.Simulators.GitHub.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bots.Simulators.GitHub.Git;

/// <summary>The smart HTTP protocol at <c>{owner}/{name}.git</c>, guarded as by the original.</summary>
internal sealed class GitEndpoints(World world, Authentication authentication, PushOperations pushes)
{
    private const string Receive = "git-receive-pack";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/{owner}/{repo}/info/refs", (string owner, string repo, HttpContext http) =>
            Serve(http, owner, repo, "info/refs", http.Request.Query["service"].ToString()));
        foreach (var service in (string[])["git-upload-pack", Receive])
        {
            routes.MapPost($"/{{owner}}/{{repo}}/{service}", (string owner, string repo, HttpContext http) =>
                Serve(http, owner, repo, service, service));
        }
    }

    private async Task Serve(HttpContext http, string owner, string name, string tail, string service)
    {
        if (service is not ("git-upload-pack" or Receive))
        {
            await Refuse(http, StatusCodes.Status403Forbidden, "Please upgrade your git client.\nGitHub.com no longer supports git over dumb-http.");
            return;
        }

        var caller = Authenticate(http, out var valid);
        if (!valid)
        {
            await Challenge(http, "Invalid username or token. Password authentication is not supported for Git operations.");
            return;
        }

        CallLog.NotesOf(http).Caller = caller;
        var repository = world.Find(owner, name.EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name);
        var push = service == Receive;
        if (repository is null || !Access.Sees(caller, repository))
        {
            if (caller is Caller.Anonymous) await Challenge(http, "Repository not found.");
            else await Refuse(http, StatusCodes.Status404NotFound, "Repository not found.");
            return;
        }

        if (caller is Caller.Anonymous && push)
        {
            await Challenge(http, "No anonymous write access.");
            return;
        }

        if (!Access.Allows(caller, repository, "contents", push ? "write" : "read"))
        {
            await Refuse(http, StatusCodes.Status403Forbidden, push ? "Write access to repository not granted." : "Repository not found.");
            return;
        }

        await Run(http, repository, caller, tail, push && HttpMethods.IsPost(http.Request.Method));
    }

    private async Task Run(HttpContext http, Repository repository, Caller caller, string tail, bool pushed)
    {
        var root = Path.GetDirectoryName(repository.Path)!;
        var path = $"/{Path.GetFileName(repository.Path)}/{tail}";
        var user = caller.Actor(world)?.Account.Login ?? "";
        var workflows = caller is not Caller.Installed || Access.Allows(caller, repository, "workflows", "write");
        if (!pushed)
        {
            await GitHttpBackend.Run(http, root, path, user, workflows, () => Task.CompletedTask);
            return;
        }

        await using var push = await pushes.Begin(repository, caller.Actor(world)!);
        await GitHttpBackend.Run(http, root, path, user, workflows, push.Settle);
    }

    /// <summary>Who calls, by the password of Basic credentials. No other scheme is taken.</summary>
    private Caller Authenticate(HttpContext http, out bool valid)
    {
        valid = true;
        var header = http.Request.Headers.Authorization.ToString();
        if (header.Length == 0) return Caller.None;
        var credentials = header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) ? Decode(header[6..]) : null;
        var caller = credentials is null ? null : authentication.ByToken(credentials);
        valid = caller is not null;
        return caller ?? Caller.None;
    }

    private static string? Decode(string encoded)
    {
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded.Trim(), bytes, out var length)) return null;
        return Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [_, { Length: > 0 } password] ? password : null;
    }

    private static Task Challenge(HttpContext http, string message)
    {
        http.Response.Headers.WWWAuthenticate = "Basic realm=\"GitHub\"";
        return Refuse(http, StatusCodes.Status401Unauthorized, message);
    }

    private static Task Refuse(HttpContext http, int status, string message)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(message, http.RequestAborted);
    }
}
