using System.Text.Json.Nodes;
using Bots.Simulators.GitHub.Git;
using Bots.Simulators.GitHub.State;

namespace Bots.Simulators.GitHub.Rendering;

internal sealed partial class Renderer
{
    /// <summary>A pull request as lists show it: without what only git can tell.</summary>
    public JsonObject Pull(Repository repository, Issue issue)
    {
        var pull = issue.Pull!;
        var api = RepoApi(repository, $"/pulls/{issue.Number}");
        var html = RepoWeb(repository, $"/pull/{issue.Number}");
        var json = new JsonObject
        {
            ["url"] = api,
            ["id"] = pull.Id,
            ["node_id"] = NodeId("PullRequest", pull.Id),
            ["html_url"] = html,
            ["diff_url"] = html + ".diff",
            ["patch_url"] = html + ".patch",
            ["issue_url"] = RepoApi(repository, $"/issues/{issue.Number}"),
            ["number"] = issue.Number,
            ["state"] = issue.State,
            ["locked"] = false,
            ["title"] = issue.Title,
            ["user"] = User(issue.Author),
            ["body"] = issue.Body,
            ["created_at"] = Time(issue.CreatedAt),
            ["updated_at"] = Time(issue.UpdatedAt),
            ["closed_at"] = Time(issue.ClosedAt),
            ["merged_at"] = Time(pull.MergedAt),
            ["merge_commit_sha"] = pull.MergeCommitSha,
            ["assignee"] = null,
            ["assignees"] = new JsonArray(),
            ["requested_reviewers"] = new JsonArray(),
            ["requested_teams"] = new JsonArray(),
            ["labels"] = new JsonArray(),
            ["milestone"] = null,
            ["draft"] = pull.Draft,
            ["commits_url"] = api + "/commits",
            ["review_comments_url"] = api + "/comments",
            ["review_comment_url"] = RepoApi(repository, "/pulls/comments{/number}"),
            ["comments_url"] = RepoApi(repository, $"/issues/{issue.Number}/comments"),
            ["statuses_url"] = RepoApi(repository, $"/statuses/{pull.HeadSha}"),
            ["head"] = Side(pull.Head, pull.HeadBranch, pull.HeadSha),
            ["base"] = Side(repository, pull.BaseBranch, pull.BaseSha),
        };
        json["_links"] = Links(json);
        json["author_association"] = Association(repository, issue.Author);
        json["auto_merge"] = null;
        json["active_lock_reason"] = null;
        return json;
    }

    /// <summary>A pull request as <c>GET …/pulls/{number}</c> and events show it.</summary>
    public JsonObject Pull(Repository repository, Issue issue, Comparison comparison)
    {
        var pull = issue.Pull!;
        var json = Pull(repository, issue);
        json["merged"] = pull.MergedAt is not null;
        json["mergeable"] = issue.Open ? comparison.Mergeable : null;
        json["rebaseable"] = issue.Open ? comparison.Mergeable : null;
        json["mergeable_state"] = !issue.Open ? "unknown" : !comparison.Mergeable ? "dirty" : pull.Draft ? "draft" : "clean";
        json["merged_by"] = pull.MergedBy is { } merger ? User(merger) : null;
        json["comments"] = issue.Comments.Count;
        json["review_comments"] = 0;
        json["maintainer_can_modify"] = pull.MaintainerCanModify;
        json["commits"] = comparison.Commits.Count;
        json["additions"] = comparison.Additions;
        json["deletions"] = comparison.Deletions;
        json["changed_files"] = comparison.Files.Count;
        return json;
    }

    /// <summary>A pull request as check runs refer to it.</summary>
    private JsonObject PullReference(Repository repository, Issue issue)
    {
        JsonObject Reference(Repository side, string branch, string sha) => new()
        {
            ["ref"] = branch,
            ["sha"] = sha,
            ["repo"] = new JsonObject { ["id"] = side.Id, ["url"] = RepoApi(side), ["name"] = side.Name },
        };

        var pull = issue.Pull!;
        return new JsonObject
        {
            ["url"] = RepoApi(repository, $"/pulls/{issue.Number}"),
            ["id"] = pull.Id,
            ["number"] = issue.Number,
            ["head"] = Reference(pull.Head, pull.HeadBranch, pull.HeadSha),
            ["base"] = Reference(repository, pull.BaseBranch, pull.BaseSha),
        };
    }

    private JsonObject Side(Repository repository, string branch, string sha) => new()
    {
        ["label"] = $"{repository.Owner.Login}:{branch}",
        ["ref"] = branch,
        ["sha"] = sha,
        ["user"] = User(repository.Owner),
        ["repo"] = Repository(repository),
    };

    private static JsonObject Links(JsonObject pull)
    {
        JsonObject Link(string key) => new() { ["href"] = pull[key]!.GetValue<string>() };
        return new JsonObject
        {
            ["self"] = Link("url"),
            ["html"] = Link("html_url"),
            ["issue"] = Link("issue_url"),
            ["comments"] = Link("comments_url"),
            ["review_comments"] = Link("review_comments_url"),
            ["review_comment"] = Link("review_comment_url"),
            ["commits"] = Link("commits_url"),
            ["statuses"] = Link("statuses_url"),
        };
    }
}
