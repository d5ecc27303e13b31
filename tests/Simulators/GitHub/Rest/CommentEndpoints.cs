using System.Globalization;
using Bots.Simulators.GitHub.Operations;
using Bots.Simulators.GitHub.Rendering;
using Bots.Simulators.GitHub.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>Issues and the comments below them; pull requests are issues here.</summary>
internal sealed class CommentEndpoints(Renderer render, Discussion discussion)
{
    private static readonly string[] Permissions = ["issues", "pull_requests"];

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/repos/{owner}/{repo}/issues/{number:int}", Get).Reads(Permissions);
        api.MapGet("/repos/{owner}/{repo}/issues/{number:int}/comments", List).Reads(Permissions);
        api.MapPost("/repos/{owner}/{repo}/issues/{number:int}/comments", Create).Writes(Permissions);
        api.MapGet("/repos/{owner}/{repo}/issues/comments/{id:long}", GetComment).Reads(Permissions);
        api.MapPatch("/repos/{owner}/{repo}/issues/comments/{id:long}", Edit).Writes(Permissions);
        api.MapDelete("/repos/{owner}/{repo}/issues/comments/{id:long}", Delete).Writes(Permissions);
    }

    private Task Get(HttpContext http)
    {
        var call = Call.Of(http);
        return Answer.Ok(http, render.Issue(call.Repository, call.Issue));
    }

    private Task List(HttpContext http)
    {
        var call = Call.Of(http);
        var issue = call.Issue;
        var since = DateTimeOffset.TryParse(call.Query("since"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : default;
        return Answer.Page(http, issue.Comments.FindAll(c => c.UpdatedAt >= since), c => render.Comment(call.Repository, issue, c));
    }

    private Task Create(HttpContext http)
    {
        var call = Call.Of(http);
        var issue = call.Issue;
        var comment = discussion.Comment(call.Actor, call.Repository, issue.Number, call.Input.Required("body"));
        return Answer.Created(http, render.Comment(call.Repository, issue, comment));
    }

    private Task GetComment(HttpContext http)
    {
        var call = Call.Of(http);
        var (issue, comment) = call.Comment;
        return Answer.Ok(http, render.Comment(call.Repository, issue, comment));
    }

    private Task Edit(HttpContext http)
    {
        var call = Call.Of(http);
        var (issue, comment) = Own(call);
        var edited = discussion.Edit(call.Actor, call.Repository, comment, call.Input.Required("body"));
        return Answer.Ok(http, render.Comment(call.Repository, issue, edited));
    }

    private Task Delete(HttpContext http)
    {
        var call = Call.Of(http);
        var (issue, comment) = Own(call);
        discussion.Delete(call.Actor, call.Repository, issue, comment);
        return Answer.NoContent(http);
    }

    /// <summary>The comment, if the caller may change it: its author, or who can write to the repository.</summary>
    private static (Issue Issue, Comment Comment) Own(Call call)
    {
        var found = call.Comment;
        call.DemandEditor(found.Comment.Author);
        return found;
    }
}
