using System.Text.Json.Nodes;
using Bots.Simulators.GitHub.Git;
using Bots.Simulators.GitHub.State;

namespace Bots.Simulators.GitHub.Rendering;

internal sealed partial class Renderer
{
    public JsonObject Commit(Repository repository, CommitInfo commit) => new()
    {
        ["sha"] = commit.Sha,
        ["node_id"] = NodeId("Commit", repository.Id) + commit.Sha,
        ["commit"] = new JsonObject
        {
            ["author"] = Signature(commit.Author),
            ["committer"] = Signature(commit.Committer),
            ["message"] = commit.Message,
            ["tree"] = new JsonObject { ["sha"] = commit.Tree, ["url"] = RepoApi(repository, $"/git/trees/{commit.Tree}") },
            ["url"] = RepoApi(repository, $"/git/commits/{commit.Sha}"),
            ["comment_count"] = 0,
            ["verification"] = new JsonObject
            {
                ["verified"] = false, ["reason"] = "unsigned", ["signature"] = null, ["payload"] = null, ["verified_at"] = null,
            },
        },
        ["url"] = RepoApi(repository, $"/commits/{commit.Sha}"),
        ["html_url"] = RepoWeb(repository, $"/commit/{commit.Sha}"),
        ["comments_url"] = RepoApi(repository, $"/commits/{commit.Sha}/comments"),
        ["author"] = UserOf(commit.Author),
        ["committer"] = UserOf(commit.Committer),
        ["parents"] = Array(commit.Parents.Select(parent => new JsonObject
        {
            ["sha"] = parent,
            ["url"] = RepoApi(repository, $"/commits/{parent}"),
            ["html_url"] = RepoWeb(repository, $"/commit/{parent}"),
        })),
    };

    public JsonObject File(Repository repository, FileChange file, string head)
    {
        var path = string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString));
        var json = new JsonObject
        {
            ["sha"] = file.Sha,
            ["filename"] = file.Path,
            ["status"] = file.Status,
            ["additions"] = file.Additions,
            ["deletions"] = file.Deletions,
            ["changes"] = file.Additions + file.Deletions,
            ["blob_url"] = RepoWeb(repository, $"/blob/{head}/{path}"),
            ["raw_url"] = RepoWeb(repository, $"/raw/{head}/{path}"),
            ["contents_url"] = RepoApi(repository, $"/contents/{path}?ref={head}"),
        };
        if (file.Patch is { } patch) json["patch"] = patch;
        if (file.PreviousPath is { } previous) json["previous_filename"] = previous;
        return json;
    }

    public JsonObject Reference(Repository repository, string name, string sha) => new()
    {
        ["ref"] = name,
        ["node_id"] = NodeId("Ref", repository.Id) + name,
        ["url"] = RepoApi(repository, "/git/" + name),
        ["object"] = new JsonObject { ["sha"] = sha, ["type"] = "commit", ["url"] = RepoApi(repository, $"/git/commits/{sha}") },
    };

    public JsonObject Branch(Repository repository, string name, CommitInfo commit) => new()
    {
        ["name"] = name,
        ["commit"] = Commit(repository, commit),
        ["_links"] = new JsonObject
        {
            ["self"] = RepoApi(repository, "/branches/" + name), ["html"] = RepoWeb(repository, "/tree/" + name),
        },
        ["protected"] = false,
        ["protection"] = new JsonObject
        {
            ["enabled"] = false,
            ["required_status_checks"] = new JsonObject
            {
                ["enforcement_level"] = "off", ["contexts"] = new JsonArray(), ["checks"] = new JsonArray(),
            },
        },
        ["protection_url"] = RepoApi(repository, $"/branches/{name}/protection"),
    };

    private static JsonObject Signature(Signature signature) => new()
    {
        ["name"] = signature.Name, ["email"] = signature.Email, ["date"] = Time(signature.Date),
    };
}
