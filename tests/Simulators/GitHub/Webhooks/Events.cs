using System.Text.Json.Nodes;
using Bots.Simulators.GitHub.Git;
using Bots.Simulators.GitHub.Rendering;
using Bots.Simulators.GitHub.State;

namespace Bots.Simulators.GitHub.Webhooks;

/// <summary>Tells the app what happened, in the original's payloads.</summary>
internal sealed class Events(World world, Renderer render, WebhookQueue queue)
{
    public void Comment(string action, Actor sender, Repository repository, Issue issue, Comment comment, string? previousBody = null)
    {
        var payload = new JsonObject { ["action"] = action };
        if (previousBody is not null) payload["changes"] = Changes(("body", previousBody));
        payload["issue"] = render.Issue(repository, issue);
        payload["comment"] = render.Comment(repository, issue, comment);
        Send("issue_comment", sender, repository, payload);
    }

    public void Issue(string action, Actor sender, Repository repository, Issue issue) =>
        Send("issues", sender, repository, new JsonObject { ["action"] = action, ["issue"] = render.Issue(repository, issue) });

    public void Pull(
        string action, Actor sender, Repository repository, Issue issue, Comparison comparison, IEnumerable<KeyValuePair<string, JsonNode?>>? more = null)
    {
        var payload = new JsonObject
        {
            ["action"] = action,
            ["number"] = issue.Number,
            ["pull_request"] = render.Pull(repository, issue, comparison),
        };
        foreach (var (key, value) in more ?? []) payload[key] = value;
        Send("pull_request", sender, repository, payload);
    }

    public void CheckRun(string action, Actor sender, Repository repository, CheckRun run, string? requested = null)
    {
        var payload = new JsonObject { ["action"] = action, ["check_run"] = render.CheckRunInEvent(repository, run) };
        if (requested is not null) payload["requested_action"] = new JsonObject { ["identifier"] = requested };
        Send("check_run", sender, repository, payload);
    }

    public void Push(Actor sender, Repository repository, JsonObject payload) => Send("push", sender, repository, payload);

    /// <summary>An <c>installation</c> event.</summary>
    public void Installation(string action, Installation installation, IReadOnlyList<Repository> repositories)
    {
        var payload = new JsonObject { ["action"] = action, ["installation"] = render.Installation(installation) };
        if (action is "created" or "deleted")
            payload["repositories"] = new JsonArray([.. repositories.Select(Renderer.ShortRepository)]);
        payload["sender"] = render.User(installation.Account);
        queue.Publish("installation", installation, null, payload);
    }

    /// <summary>An <c>installation_repositories</c> event.</summary>
    public void InstallationRepositories(Installation installation, IReadOnlyList<Repository> added, IReadOnlyList<Repository> removed) =>
        queue.Publish("installation_repositories", installation, null, new JsonObject
        {
            ["action"] = added.Count > 0 ? "added" : "removed",
            ["installation"] = render.Installation(installation),
            ["repository_selection"] = installation.Selection,
            ["repositories_added"] = new JsonArray([.. added.Select(Renderer.ShortRepository)]),
            ["repositories_removed"] = new JsonArray([.. removed.Select(Renderer.ShortRepository)]),
            ["requester"] = null,
            ["sender"] = render.User(installation.Account),
        });

    /// <summary>What an edit replaced.</summary>
    public static JsonObject Changes(params IEnumerable<(string Field, string? From)> changes)
    {
        var json = new JsonObject();
        foreach (var (field, from) in changes) json[field] = new JsonObject { ["from"] = from };
        return json;
    }

    private void Send(string name, Actor sender, Repository repository, JsonObject payload)
    {
        if (!payload.ContainsKey("repository")) payload["repository"] = render.Repository(repository);
        if (repository.Owner.Type == AccountType.Organization) payload["organization"] = render.Organization(repository.Owner);
        payload["sender"] = render.User(sender.Account);
        if (world.InstallationOf(repository) is { } installation) payload["installation"] = Renderer.InstallationReference(installation);
        queue.Publish(name, repository, payload);
    }
}
