using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bots.Simulators.GitHub.State;

namespace Bots.Simulators.GitHub.Rendering;

internal sealed partial class Renderer
{
    public JsonObject Issue(Repository repository, Issue issue)
    {
        var api = RepoApi(repository, $"/issues/{issue.Number}");
        var html = RepoWeb(repository, $"/{(issue.Pull is null ? "issues" : "pull")}/{issue.Number}");
        var json = new JsonObject
        {
            ["url"] = api,
            ["repository_url"] = RepoApi(repository),
            ["labels_url"] = api + "/labels{/name}",
            ["comments_url"] = api + "/comments",
            ["events_url"] = api + "/events",
            ["html_url"] = html,
            ["id"] = issue.Id,
            ["node_id"] = NodeId(issue.Pull is null ? "Issue" : "PullRequest", issue.Id),
            ["number"] = issue.Number,
            ["title"] = issue.Title,
            ["user"] = User(issue.Author),
            ["labels"] = new JsonArray(),
            ["state"] = issue.State,
            ["locked"] = false,
            ["assignee"] = null,
            ["assignees"] = new JsonArray(),
            ["milestone"] = null,
            ["comments"] = issue.Comments.Count,
            ["created_at"] = Time(issue.CreatedAt),
            ["updated_at"] = Time(issue.UpdatedAt),
            ["closed_at"] = Time(issue.ClosedAt),
            ["author_association"] = Association(repository, issue.Author),
            ["active_lock_reason"] = null,
            ["body"] = issue.Body,
            ["reactions"] = Reactions(issue.Reactions, api + "/reactions"),
            ["timeline_url"] = api + "/timeline",
            ["performed_via_github_app"] = issue.ViaApp ? App() : null,
            ["state_reason"] = issue.Open || issue.Pull is not null ? null : "completed",
        };
        json["draft"] = issue.Pull is { Draft: true };
        if (issue.Pull is { } pull)
        {
            json["pull_request"] = new JsonObject
            {
                ["url"] = RepoApi(repository, $"/pulls/{issue.Number}"),
                ["html_url"] = html,
                ["diff_url"] = html + ".diff",
                ["patch_url"] = html + ".patch",
                ["merged_at"] = Time(pull.MergedAt),
            };
        }

        return json;
    }

    public JsonObject Comment(Repository repository, Issue issue, Comment comment)
    {
        var api = RepoApi(repository, $"/issues/comments/{comment.Id}");
        return new JsonObject
        {
            ["url"] = api,
            ["html_url"] = RepoWeb(repository, $"/{(issue.Pull is null ? "issues" : "pull")}/{issue.Number}#issuecomment-{comment.Id}"),
            ["issue_url"] = RepoApi(repository, $"/issues/{issue.Number}"),
            ["id"] = comment.Id,
            ["node_id"] = NodeId("IssueComment", comment.Id),
            ["user"] = User(comment.Author),
            ["created_at"] = Time(comment.CreatedAt),
            ["updated_at"] = Time(comment.UpdatedAt),
            ["author_association"] = Association(repository, comment.Author),
            ["body"] = comment.Body,
            ["reactions"] = Reactions(comment.Reactions, api + "/reactions"),
            ["performed_via_github_app"] = comment.ViaApp ? App() : null,
        };
    }

    public JsonObject Reaction(Reaction reaction) => new()
    {
        ["id"] = reaction.Id,
        ["node_id"] = NodeId("Reaction", reaction.Id),
        ["user"] = User(reaction.User),
        ["content"] = reaction.Content,
        ["created_at"] = Time(reaction.CreatedAt),
    };

    private static JsonObject Reactions(ImmutableList<Reaction> reactions, string url)
    {
        var json = new JsonObject { ["url"] = url, ["total_count"] = reactions.Count };
        foreach (var content in State.Reaction.Contents) json[content] = reactions.Count(r => r.Content == content);
        return json;
    }

    private static string Association(Repository repository, Account account)
    {
        if (repository.Owner.Id == account.Id) return "OWNER";
        if (account.Type != AccountType.Bot && repository.Roles.TryGetValue(account.Login, out var role) && role > Role.None)
            return repository.Owner.Type == AccountType.Organization ? "MEMBER" : "COLLABORATOR";
        return repository.Issues.Values.Any(i => i.Pull?.MergedAt is not null && i.Author.Id == account.Id) ? "CONTRIBUTOR" : "NONE";
    }
}
