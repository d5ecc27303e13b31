using System.Net;
using System.Text;
using Bots.Simulators.GitHub.Git;
using Bots.Simulators.GitHub.Operations;
using Bots.Simulators.GitHub.Rendering;
using Bots.Simulators.GitHub.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bots.Simulators.GitHub.Control;

/// <summary>Plain pages, so that links in messages open something decent.</summary>
internal sealed class Pages(World world, PullHeads heads)
{
    private const string Style =
        """
        body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2328}
        h1 small{color:#59636e;font-weight:400} a{color:#0969da}
        article{border:1px solid #d1d9e0;border-radius:6px;margin:1rem 0} header{background:#f6f8fa;padding:.5rem 1rem;border-bottom:1px solid #d1d9e0}
        pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0;padding:1rem;font:13px/1.5 ui-monospace,monospace}
        .add{background:#dafbe1;display:block}.del{background:#ffebe9;display:block}.hunk{background:#ddf4ff;display:block}
        """;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", (HttpContext http) => Write(http, "Repositories", Links()));
        routes.MapGet("/{owner}/{repo}", RepositoryPage);
        routes.MapGet("/{owner}/{repo}/pull/{number:int}", (HttpContext http, int number) => ConversationPage(http, number));
        routes.MapGet("/{owner}/{repo}/issues/{number:int}", (HttpContext http, int number) => ConversationPage(http, number));
    }

    private Task RepositoryPage(HttpContext http)
    {
        if (Find(http) is not { } repository) return Missing(http);
        var items = repository.Issues.Values.Reverse().Select(i =>
            $"<li><a href=\"/{Text(repository.FullName)}/{(i.Pull is null ? "issues" : "pull")}/{i.Number}\">#{i.Number} {Text(i.Title)}</a> ({i.State})</li>");
        return Write(http, repository.FullName, $"<p>{Text(repository.Description)}</p><ul>{string.Concat(items)}</ul>");
    }

    private async Task ConversationPage(HttpContext http, int number)
    {
        if (Find(http) is not { } repository || repository.Issues.GetValueOrDefault(number) is not { } issue)
        {
            await Missing(http);
            return;
        }

        var page = new StringBuilder();
        if (issue.Pull is { } pull)
            page.Append($"<p>{Text(issue.Author.Login)} wants to merge <code>{Text(pull.HeadBranch)}</code> into <code>{Text(pull.BaseBranch)}</code>.</p>");
        page.Append(Article("", issue.Author, issue.CreatedAt, issue.Body));
        foreach (var comment in issue.Comments) page.Append(Article($"issuecomment-{comment.Id}", comment.Author, comment.CreatedAt, comment.Body));
        if (issue.Pull is not null)
        {
            var comparison = await heads.Compare(repository, issue);
            page.Append($"<h2>{comparison.Files.Count} files, +{comparison.Additions} −{comparison.Deletions}</h2>");
            foreach (var file in comparison.Files) page.Append(Diff(file));
        }

        var state = issue.Pull?.MergedAt is not null ? "merged" : issue.Pull is { Draft: true } && issue.Open ? "draft" : issue.State;
        await Write(http, $"{issue.Title} #{issue.Number}", page.ToString(), $"{repository.FullName} · {state}");
    }

    private string Links() => $"<ul>{string.Concat(world.Repositories.Select(r => $"<li><a href=\"/{Text(r.FullName)}\">{Text(r.FullName)}</a></li>"))}</ul>";

    private Repository? Find(HttpContext http) =>
        world.Find(http.Request.RouteValues["owner"] as string ?? "", http.Request.RouteValues["repo"] as string ?? "");

    private static string Article(string id, Account author, DateTimeOffset at, string? body) =>
        $"<article id=\"{id}\"><header><b>{Text(author.Login)}</b> {Renderer.Time(at)}</header><pre>{Text(body)}</pre></article>";

    private static string Diff(FileChange file)
    {
        var lines = (file.Patch ?? "").Split('\n').Select(line => line switch
        {
            ['+', ..] => $"<span class=\"add\">{Text(line)}</span>",
            ['-', ..] => $"<span class=\"del\">{Text(line)}</span>",
            ['@', ..] => $"<span class=\"hunk\">{Text(line)}</span>",
            _ => Text(line) + "\n",
        });
        return $"<article><header><code>{Text(file.Path)}</code> ({file.Status})</header><pre>{string.Concat(lines)}</pre></article>";
    }

    private static Task Missing(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Write(http, "Not found", "");
    }

    private static Task Write(HttpContext http, string title, string body, string subtitle = "")
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(
            $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{Text(title)}</title><style>{Style}</style><h1>{Text(title)} <small>{Text(subtitle)}</small></h1>{body}</html>",
            http.RequestAborted);
    }

    private static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");
}
