using System.Text.Json.Nodes;
using Bots.Simulators.GitHub.State;

namespace Bots.Simulators.GitHub.Rendering;

internal sealed partial class Renderer
{
    public JsonObject CheckRun(Repository repository, CheckRun run)
    {
        var api = RepoApi(repository, $"/check-runs/{run.Id}");
        var html = RepoWeb(repository, $"/runs/{run.Id}");
        return new JsonObject
        {
            ["id"] = run.Id,
            ["name"] = run.Name,
            ["node_id"] = NodeId("CheckRun", run.Id),
            ["head_sha"] = run.HeadSha,
            ["external_id"] = run.ExternalId ?? "",
            ["url"] = api,
            ["html_url"] = html,
            ["details_url"] = run.DetailsUrl ?? html,
            ["status"] = run.Status,
            ["conclusion"] = run.Conclusion,
            ["started_at"] = Time(run.StartedAt),
            ["completed_at"] = Time(run.CompletedAt),
            ["output"] = new JsonObject
            {
                ["title"] = run.Title,
                ["summary"] = run.Summary,
                ["text"] = run.Text,
                ["annotations_count"] = run.Annotations.Count,
                ["annotations_url"] = api + "/annotations",
            },
            ["check_suite"] = new JsonObject { ["id"] = run.SuiteId },
            ["app"] = App(),
            ["pull_requests"] = PullsAt(repository, run.HeadSha),
        };
    }

    /// <summary>A check run as events show it: with its whole suite.</summary>
    public JsonObject CheckRunInEvent(Repository repository, CheckRun run)
    {
        var json = CheckRun(repository, run);
        json["check_suite"] = CheckSuite(repository, run.SuiteId, run.HeadSha, run.Status, run.Conclusion, run.StartedAt);
        json["actions"] = Array(run.Actions.Select(action => new JsonObject
        {
            ["label"] = action.Label, ["description"] = action.Description, ["identifier"] = action.Identifier,
        }));
        return json;
    }

    private JsonObject CheckSuite(Repository repository, long id, string sha, string status, string? conclusion, DateTimeOffset at) => new()
    {
        ["id"] = id,
        ["node_id"] = NodeId("CheckSuite", id),
        ["head_branch"] = repository.Issues.Values.FirstOrDefault(i => i.Pull?.HeadSha == sha)?.Pull?.HeadBranch,
        ["head_sha"] = sha,
        ["status"] = status,
        ["conclusion"] = conclusion,
        ["url"] = RepoApi(repository, $"/check-suites/{id}"),
        ["before"] = null,
        ["after"] = sha,
        ["pull_requests"] = PullsAt(repository, sha),
        ["app"] = App(),
        ["created_at"] = Time(at),
        ["updated_at"] = Time(at),
    };

    /// <summary>The open pull requests of this repository's own branches with this head; forks are left out, as by the original.</summary>
    private JsonArray PullsAt(Repository repository, string sha) => Array(repository.Issues.Values
        .Where(i => i.Open && i.Pull is { } pull && pull.HeadSha == sha && pull.Head == repository)
        .Select(i => PullReference(repository, i)));
}
