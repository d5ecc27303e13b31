using System.Text.Json.Nodes;
using Bots.Simulators.GitHub.Git;
using Bots.Simulators.GitHub.Rendering;
using Bots.Simulators.GitHub.State;

namespace Bots.Simulators.GitHub.Webhooks;

/// <summary>A ref before and after a push.</summary>
internal sealed record RefChange(string Ref, string Before, string After)
{
    public bool Created => Before == BareRepository.NoCommit;

    public bool Deleted => After == BareRepository.NoCommit;

    /// <summary>The branch; null for a tag.</summary>
    public string? Branch => Ref.StartsWith("refs/heads/", StringComparison.Ordinal) ? Ref["refs/heads/".Length..] : null;
}

/// <summary>The payload of a <c>push</c> event, by what git knows of the commits.</summary>
internal static class PushPayload
{
    /// <summary>As many commits as the original lists at most.</summary>
    private const int MostCommits = 2048;

    public static async Task<JsonObject> Create(World world, Renderer render, Repository repository, RefChange change, Actor pusher)
    {
        var web = new Uri(world.WebUrl, repository.FullName).AbsoluteUri;
        var commits = change.Deleted ? [] : await Commits(repository, change);
        var rendered = new List<JsonObject>();
        foreach (var commit in commits.Reverse()) rendered.Add(await Commit(world, repository, commit, web));
        var head = change.Deleted ? null : await Commit(world, repository, (await CommitInfo.Log(repository.Path, "-1", change.After))[0], web);
        return new JsonObject
        {
            ["ref"] = change.Ref,
            ["before"] = change.Before,
            ["after"] = change.After,
            ["repository"] = PushedRepository(render, repository),
            ["pusher"] = new JsonObject { ["name"] = pusher.Account.Login, ["email"] = pusher.Account.Email },
            ["created"] = change.Created,
            ["deleted"] = change.Deleted,
            ["forced"] = await Forced(repository, change),
            ["base_ref"] = null,
            ["compare"] = $"{web}/compare/{change.Before[..12]}...{change.After[..12]}",
            ["commits"] = new JsonArray([.. rendered]),
            ["head_commit"] = head,
        };
    }

    private static Task<IReadOnlyList<CommitInfo>> Commits(Repository repository, RefChange change)
    {
        string[] range = !change.Created
            ? [$"{change.Before}..{change.After}"]
            : change.Branch == repository.DefaultBranch
                ? [change.After]
                : [change.After, $"^refs/heads/{repository.DefaultBranch}"];
        return CommitInfo.Log(repository.Path, [$"--max-count={MostCommits}", .. range]);
    }

    /// <summary>In this one event, times of the repository are Unix seconds and its URL is the page's.</summary>
    private static JsonObject PushedRepository(Renderer render, Repository repository)
    {
        var json = render.Repository(repository);
        var owner = json["owner"]!.AsObject();
        owner["name"] = repository.Owner.Login;
        owner["email"] = repository.Owner.Email;
        json["url"] = json["html_url"]!.DeepClone();
        json["created_at"] = repository.CreatedAt.ToUnixTimeSeconds();
        json["pushed_at"] = repository.PushedAt.ToUnixTimeSeconds();
        json["stargazers"] = 0;
        json["master_branch"] = repository.DefaultBranch;
        return json;
    }

    private static async Task<bool> Forced(Repository repository, RefChange change) =>
        !change.Created && !change.Deleted
        && (await GitCommand.Try(repository.Path, ["merge-base", "--is-ancestor", change.Before, change.After])).ExitCode != 0;

    private static async Task<JsonObject> Commit(World world, Repository repository, CommitInfo commit, string web)
    {
        var listing = await GitCommand.Run(
            repository.Path, "diff-tree", "--root", "--no-commit-id", "--no-renames", "--name-status", "-r", "-z", commit.Sha);
        var parts = listing.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var files = parts.Chunk(2).Select(pair => (Letter: pair[0], Path: pair[1])).ToLookup(f => f.Letter, f => f.Path);
        JsonArray Paths(string letter) => [.. files[letter].Select(p => (JsonNode)p)];
        return new JsonObject
        {
            ["id"] = commit.Sha,
            ["tree_id"] = commit.Tree,
            ["distinct"] = true,
            ["message"] = commit.Message,
            ["timestamp"] = commit.Committer.Date.ToString("yyyy-MM-dd'T'HH:mm:sszzz"),
            ["url"] = $"{web}/commit/{commit.Sha}",
            ["author"] = Person(world, commit.Author),
            ["committer"] = Person(world, commit.Committer),
            ["added"] = Paths("A"),
            ["removed"] = Paths("D"),
            ["modified"] = Paths("M"),
        };
    }

    private static JsonObject Person(World world, Signature signature)
    {
        var person = new JsonObject { ["name"] = signature.Name, ["email"] = signature.Email };
        if (world.Accounts.Values.FirstOrDefault(a => a.Email == signature.Email) is { } account) person["username"] = account.Login;
        return person;
    }
}
