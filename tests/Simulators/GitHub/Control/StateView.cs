using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bots.Simulators.GitHub.Git;
using Bots.Simulators.GitHub.Operations;
using Bots.Simulators.GitHub.Rendering;
using Bots.Simulators.GitHub.State;

namespace Bots.Simulators.GitHub.Control;

/// <summary>Everything a page needs to show, in one document.</summary>
internal sealed class StateView(GitHubSimulator simulator, World world)
{
    public async Task<JsonObject> Render()
    {
        var repositories = new JsonArray();
        foreach (var repository in world.Repositories) repositories.Add(await Repository(repository));
        return new JsonObject
        {
            ["version"] = world.Changed.Version,
            ["apiUrl"] = world.ApiUrl.AbsoluteUri,
            ["webUrl"] = world.WebUrl.AbsoluteUri,
            ["bot"] = world.Bot.Login,
            ["users"] = new JsonArray([.. world.Accounts.Values.Where(a => a.Type == AccountType.User).OrderBy(a => a.Id).Select(Person)]),
            ["repositories"] = repositories,
        };
    }

    private async Task<JsonObject> Repository(Repository repository)
    {
        var pulls = new JsonArray();
        foreach (var pull in simulator.PullRequests(repository.FullName)) pulls.Add(await Pull(repository, pull));
        return new JsonObject
        {
            ["name"] = repository.FullName,
            ["description"] = repository.Description,
            ["private"] = repository.Private,
            ["defaultBranch"] = repository.DefaultBranch,
            ["url"] = new Uri(world.WebUrl, repository.FullName).AbsoluteUri,
            ["cloneUrl"] = new Uri(world.WebUrl, repository.FullName + ".git").AbsoluteUri,
            ["branches"] = await Branches(repository),
            ["issues"] = new JsonArray([.. repository.Issues.Values.Where(i => i.Pull is null).Select(i => Conversation(repository, i))]),
            ["pulls"] = pulls,
        };
    }

    private static async Task<JsonArray> Branches(Repository repository)
    {
        const string format = "%(refname:lstrip=2)%1f%(objectname)%1f%(contents:subject)%1f%(authorname)%1f%(committerdate:unix)";
        var listing = await GitCommand.Run(repository.Path, "for-each-ref", "--format=" + format, "refs/heads");
        return [.. listing.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\x1f')).Select(fields => new JsonObject
        {
            ["name"] = fields[0],
            ["sha"] = fields[1],
            ["message"] = fields[2],
            ["author"] = fields[3],
            ["at"] = Renderer.Time(DateTimeOffset.FromUnixTimeSeconds(long.Parse(fields[4]))),
        })];
    }

    private async Task<JsonObject> Pull(Repository repository, Issue issue)
    {
        var comparison = await simulator.Compare(repository, issue);
        var pull = issue.Pull!;
        var json = Conversation(repository, issue);
        json["draft"] = pull.Draft;
        json["merged"] = pull.MergedAt is not null;
        json["head"] = pull.Head == repository ? pull.HeadBranch : $"{pull.Head.Owner.Login}:{pull.HeadBranch}";
        json["base"] = pull.BaseBranch;
        json["headSha"] = pull.HeadSha;
        json["mergeable"] = comparison.Mergeable;
        json["additions"] = comparison.Additions;
        json["deletions"] = comparison.Deletions;
        json["commits"] = new JsonArray([.. comparison.Commits.Select(c => new JsonObject
        {
            ["sha"] = c.Sha, ["message"] = c.Message, ["author"] = c.Author.Name, ["at"] = Renderer.Time(c.Committer.Date),
        })]);
        json["files"] = new JsonArray([.. comparison.Files.Select(f => new JsonObject
        {
            ["path"] = f.Path, ["status"] = f.Status, ["additions"] = f.Additions, ["deletions"] = f.Deletions, ["patch"] = f.Patch,
        })]);
        json["checks"] = new JsonArray([.. repository.CheckRuns.Where(r => r.HeadSha == pull.HeadSha).Select(Check)]);
        return json;
    }

    private JsonObject Conversation(Repository repository, Issue issue) => new()
    {
        ["number"] = issue.Number,
        ["title"] = issue.Title,
        ["body"] = issue.Body,
        ["state"] = issue.State,
        ["author"] = Person(issue.Author),
        ["createdAt"] = Renderer.Time(issue.CreatedAt),
        ["url"] = new Uri(world.WebUrl, $"{repository.FullName}/{(issue.Pull is null ? "issues" : "pull")}/{issue.Number}").AbsoluteUri,
        ["reactions"] = Reactions(issue.Reactions),
        ["comments"] = new JsonArray([.. issue.Comments.Select(Comment)]),
    };

    private static JsonObject Comment(Comment comment) => new()
    {
        ["id"] = comment.Id,
        ["author"] = Person(comment.Author),
        ["body"] = comment.Body,
        ["createdAt"] = Renderer.Time(comment.CreatedAt),
        ["updatedAt"] = Renderer.Time(comment.UpdatedAt),
        ["revisions"] = comment.Revisions,
        ["reactions"] = Reactions(comment.Reactions),
        ["tasks"] = new JsonArray([.. TaskList.Find(comment.Body).Select(t => new JsonObject
        {
            ["index"] = t.Index, ["label"] = t.Label, ["checked"] = t.Checked,
        })]),
    };

    private static JsonObject Check(CheckRun run) => new()
    {
        ["id"] = run.Id,
        ["name"] = run.Name,
        ["status"] = run.Status,
        ["conclusion"] = run.Conclusion,
        ["title"] = run.Title,
        ["summary"] = run.Summary,
        ["actions"] = new JsonArray([.. run.Actions.Select(a => new JsonObject
        {
            ["label"] = a.Label, ["description"] = a.Description, ["identifier"] = a.Identifier,
        })]),
    };

    private static JsonObject Person(Account account) => new() { ["login"] = account.Login, ["id"] = account.Id, ["type"] = account.Type.ToString() };

    private static JsonArray Reactions(ImmutableList<Reaction> reactions) => [.. reactions.GroupBy(r => r.Content).Select(g => new JsonObject
    {
        ["content"] = g.Key, ["users"] = new JsonArray([.. g.Select(r => (JsonNode)r.User.Login)]),
    })];
}
