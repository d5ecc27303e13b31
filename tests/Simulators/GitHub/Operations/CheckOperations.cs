using System.Text.Json.Nodes;
using Bots.Simulators.GitHub.Git;
using Bots.Simulators.GitHub.Rest;
using Bots.Simulators.GitHub.State;
using Bots.Simulators.GitHub.Webhooks;

namespace Bots.Simulators.GitHub.Operations;

/// <summary>Check runs of the app, and people's clicks on their buttons.</summary>
internal sealed class CheckOperations(World world, Events events)
{
    /// <exception cref="ApiException">422.</exception>
    public async Task<CheckRun> Create(Actor actor, Repository repository, Input input)
    {
        var name = input.Required("name");
        var sha = input.Required("head_sha");
        if (await BareRepository.Resolve(repository.Path, sha) != sha) throw new ApiException(422, $"No commit found for SHA: {sha}");
        var suite = repository.CheckRuns.Find(r => r.HeadSha == sha)?.SuiteId ?? world.NewId();
        var run = CheckInput.Apply(input, world.Now(), new CheckRun
        {
            Id = world.NewId(), SuiteId = suite, Name = name, HeadSha = sha, Status = "queued", StartedAt = world.Now(),
        });
        world.Locked(() => repository.CheckRuns = repository.CheckRuns.Add(run));
        events.CheckRun("created", actor, repository, run);
        if (run.Status == "completed") events.CheckRun("completed", actor, repository, run);
        return run;
    }

    /// <exception cref="ApiException">404 or 422.</exception>
    public CheckRun Update(Actor actor, Repository repository, long id, Input input)
    {
        var (before, after) = world.Locked(() =>
        {
            var run = repository.CheckRuns.Find(r => r.Id == id) ?? throw ApiException.NotFound();
            var changed = CheckInput.Apply(input, world.Now(), run);
            repository.CheckRuns = repository.CheckRuns.Replace(run, changed);
            return (run, changed);
        });
        if (before.Status != "completed" && after.Status == "completed") events.CheckRun("completed", actor, repository, after);
        return after;
    }

    /// <summary>A click on a button of a completed run.</summary>
    /// <exception cref="InvalidOperationException">There is no such button, or the user may not click.</exception>
    public void Click(Actor user, Repository repository, long id, string identifier)
    {
        var run = repository.CheckRuns.Find(r => r.Id == id) ?? throw new InvalidOperationException($"{repository.FullName} has no check run {id}.");
        if (repository.RoleOf(user.Account) < Role.Write) throw new InvalidOperationException($"{user.Account.Login} cannot write to {repository.FullName}.");
        if (run.Status != "completed" || !run.Actions.Any(a => a.Identifier == identifier))
            throw new InvalidOperationException($"Check run {id} shows no button '{identifier}'.");
        events.CheckRun("requested_action", user, repository, run, identifier);
    }
}

/// <summary>Reads what a call says of a check run, within the original's limits. Pure.</summary>
internal static class CheckInput
{
    private const int MaxText = 65_535;

    private static readonly string[] Statuses = ["queued", "in_progress", "completed", "waiting", "requested", "pending"];

    private static readonly string[] Conclusions =
        ["action_required", "cancelled", "failure", "neutral", "success", "skipped", "stale", "timed_out"];

    public static CheckRun Apply(Input input, DateTimeOffset now, CheckRun run)
    {
        var conclusion = OneOf(input, "conclusion", Conclusions);
        var status = OneOf(input, "status", Statuses) ?? (conclusion is null ? run.Status : "completed");
        if (conclusion is not null) status = "completed";
        if (status == "completed" && (conclusion ?? run.Conclusion) is null)
            throw ApiException.Schema("\"conclusion\" wasn't supplied.");
        run = run with
        {
            Name = input.Text("name") ?? run.Name,
            ExternalId = input.Text("external_id") ?? run.ExternalId,
            DetailsUrl = input.Text("details_url") ?? run.DetailsUrl,
            Status = status,
            Conclusion = status == "completed" ? conclusion ?? run.Conclusion : null,
            CompletedAt = status == "completed" ? run.CompletedAt ?? now : null,
            Actions = input.Objects("actions") is { } actions ? Actions(actions) : run.Actions,
        };
        return input.Object("output") is { } output ? Output(output, run) : run;
    }

    private static CheckRun Output(Input output, CheckRun run)
    {
        var summary = output.Required("summary");
        var annotations = output.Objects("annotations") ?? [];
        if (annotations.Count > 50) throw ApiException.Invalid("CheckRun", "annotations", "invalid", "No more than 50 items are allowed");
        return run with
        {
            Title = output.Text("title") ?? run.Title ?? throw ApiException.Schema("\"title\" wasn't supplied."),
            Summary = Within(summary, "summary", MaxText),
            Text = output.Text("text") is { } text ? Within(text, "text", MaxText) : run.Text,
            Annotations = [.. run.Annotations, .. annotations.Select(a => a.Copy())],
        };
    }

    private static List<CheckAction> Actions(IReadOnlyList<Input> actions)
    {
        if (actions.Count > 3) throw ApiException.Schema($"No more than 3 items are allowed; {actions.Count} were supplied.");
        return [.. actions.Select(a => new CheckAction(
            Within(a.Required("label"), "label", 20),
            Within(a.Required("description"), "description", 40),
            Within(a.Required("identifier"), "identifier", 20)))];
    }

    private static string Within(string text, string field, int length) => text.Length <= length
        ? text
        : throw ApiException.Schema($"Only {length} characters are allowed for {field}; {text.Length} were supplied.");

    private static string? OneOf(Input input, string name, string[] values) => input.Text(name) is not { } value || values.Contains(value)
        ? input.Text(name)
        : throw ApiException.Schema($"For 'properties/{name}', {value} is not a member of {new JsonArray([.. values.Select(v => (JsonNode)v)]).ToJsonString()}.");
}
