using System.Text.Json.Nodes;
using Bots.Simulators.GitHub.State;

namespace Bots.Simulators.GitHub.Rendering;

internal sealed partial class Renderer
{
    private static readonly string[] RepositoryLinks =
    [
        "forks", "keys{/key_id}", "collaborators{/collaborator}", "teams", "hooks", "issue_events:issues/events{/number}", "events",
        "assignees{/user}", "branches{/branch}", "tags", "blobs:git/blobs{/sha}", "git_tags:git/tags{/sha}", "git_refs:git/refs{/sha}",
        "trees:git/trees{/sha}", "statuses/{sha}", "languages", "stargazers", "contributors", "subscribers", "subscription",
        "commits{/sha}", "git_commits:git/commits{/sha}", "comments{/number}", "issue_comment:issues/comments{/number}",
        "contents/{+path}", "compare/{base}...{head}", "merges", "archive:{archive_format}{/ref}", "downloads", "issues{/number}",
        "pulls{/number}", "milestones{/number}", "notifications{?since,all,participating}", "labels{/name}", "releases{/id}", "deployments",
    ];

    public JsonObject Repository(Repository repository)
    {
        var api = RepoApi(repository);
        var json = ShortRepository(repository);
        json["owner"] = User(repository.Owner);
        json["html_url"] = RepoWeb(repository);
        json["description"] = repository.Description;
        json["fork"] = repository.Parent is not null;
        json["url"] = api;
        foreach (var link in RepositoryLinks)
        {
            var name = link.Split('{', ':', '/')[0];
            var path = link.Contains(':', StringComparison.Ordinal) ? link[(link.IndexOf(':', StringComparison.Ordinal) + 1)..] : link;
            json[name + "_url"] = $"{api}/{path}";
        }

        json["created_at"] = Time(repository.CreatedAt);
        json["updated_at"] = Time(repository.PushedAt);
        json["pushed_at"] = Time(repository.PushedAt);
        json["git_url"] = $"git://{world.WebUrl.Authority}/{repository.FullName}.git";
        json["ssh_url"] = $"git@{world.WebUrl.Host}:{repository.FullName}.git";
        json["clone_url"] = RepoWeb(repository, ".git");
        json["svn_url"] = RepoWeb(repository);
        json["homepage"] = null;
        json["language"] = null;
        json["license"] = null;
        json["mirror_url"] = null;
        foreach (var feature in (string[])["issues", "projects", "downloads", "wiki"]) json["has_" + feature] = true;
        foreach (var flag in (string[])["has_pages", "has_discussions", "archived", "disabled", "is_template"]) json[flag] = false;
        json["allow_forking"] = true;
        json["web_commit_signoff_required"] = false;
        foreach (var count in (string[])["size", "stargazers_count", "watchers_count", "watchers"]) json[count] = 0;
        var forks = world.Repositories.Count(r => r.Parent == repository);
        var open = repository.Issues.Values.Count(i => i.Open);
        json["forks_count"] = forks;
        json["forks"] = forks;
        json["open_issues_count"] = open;
        json["open_issues"] = open;
        json["default_branch"] = repository.DefaultBranch;
        json["topics"] = new JsonArray();
        json["visibility"] = repository.Private ? "private" : "public";
        json["custom_properties"] = new JsonObject();
        return json;
    }

    /// <summary>A repository as <c>GET /repos/{owner}/{repo}</c> and the lists show it to a caller.</summary>
    public JsonObject Repository(Repository repository, Role role)
    {
        var json = Repository(repository);
        json["permissions"] = Permissions(role);
        foreach (var method in (string[])["allow_squash_merge", "allow_merge_commit", "allow_rebase_merge"]) json[method] = true;
        foreach (var flag in (string[])["allow_auto_merge", "delete_branch_on_merge", "allow_update_branch"]) json[flag] = false;
        foreach (var count in (string[])["network_count", "subscribers_count"]) json[count] = 0;
        if (repository.Parent is { } parent)
        {
            json["parent"] = Repository(parent);
            json["source"] = Repository(parent);
        }

        return json;
    }

    /// <summary>A repository as installation events list it.</summary>
    public static JsonObject ShortRepository(Repository repository) => new()
    {
        ["id"] = repository.Id,
        ["node_id"] = NodeId("Repository", repository.Id),
        ["name"] = repository.Name,
        ["full_name"] = repository.FullName,
        ["private"] = repository.Private,
    };

    /// <summary>What <c>GET …/collaborators/{user}/permission</c> says of a user.</summary>
    public JsonObject Permission(Account user, Role role)
    {
        var rendered = User(user);
        rendered["permissions"] = Permissions(role);
        rendered["role_name"] = role.ToString().ToLowerInvariant();
        return new JsonObject
        {
            ["permission"] = role switch
            {
                Role.Admin => "admin",
                Role.Maintain or Role.Write => "write",
                Role.Triage or Role.Read => "read",
                _ => "none",
            },
            ["user"] = rendered,
            ["role_name"] = role.ToString().ToLowerInvariant(),
        };
    }

    private static JsonObject Permissions(Role role) => new()
    {
        ["admin"] = role >= Role.Admin,
        ["maintain"] = role >= Role.Maintain,
        ["push"] = role >= Role.Write,
        ["triage"] = role >= Role.Triage,
        ["pull"] = role >= Role.Read,
    };
}
