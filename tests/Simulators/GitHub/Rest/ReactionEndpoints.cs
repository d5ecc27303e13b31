using System.Collections.Immutable;
using Bots.Simulators.GitHub.Operations;
using Bots.Simulators.GitHub.Rendering;
using Bots.Simulators.GitHub.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>Reactions to comments and to issues themselves.</summary>
internal sealed class ReactionEndpoints(Renderer render, Discussion discussion)
{
    private static readonly string[] Permissions = ["issues", "pull_requests"];

    public void Map(IEndpointRouteBuilder api)
    {
        foreach (var path in (string[])["/issues/{number:int}", "/issues/comments/{id:long}"])
        {
            var reactions = $"/repos/{{owner}}/{{repo}}{path}/reactions";
            api.MapGet(reactions, List).Reads(Permissions);
            api.MapPost(reactions, Create).Writes(Permissions);
            api.MapDelete(reactions + "/{reaction:long}", Delete).Writes(Permissions);
        }
    }

    private Task List(HttpContext http)
    {
        var content = Call.Of(http).Query("content");
        return Answer.Page(http, Present(Call.Of(http)).FindAll(r => content is null || r.Content == content), render.Reaction);
    }

    private Task Create(HttpContext http)
    {
        var call = Call.Of(http);
        var (issue, comment) = Subject(call);
        var (reaction, isNew) = discussion.React(call.Actor, call.Repository, issue, comment, call.Input.Required("content"));
        return Answer.Ok(http, render.Reaction(reaction), isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private Task Delete(HttpContext http)
    {
        var call = Call.Of(http);
        var (issue, comment) = Subject(call);
        var reaction = Present(call).Find(r => r.Id.ToString() == call.Route("reaction")) ?? throw ApiException.NotFound();
        if (reaction.User.Id != call.Actor.Account.Id) throw new ApiException(403, "You can only delete your own reactions.");
        discussion.Unreact(call.Repository, issue, comment, reaction.Id);
        return Answer.NoContent(http);
    }

    private static ImmutableList<Reaction> Present(Call call) => Subject(call) is var (issue, comment) ? comment?.Reactions ?? issue.Reactions : [];

    private static (Issue Issue, Comment? Comment) Subject(Call call) => call.Route("number") is null ? call.Comment : (call.Issue, null);
}
