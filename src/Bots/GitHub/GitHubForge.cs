using System.Net;
using System.Text;
using Bots.Engine;
using Bots.Engine.Forges;

namespace Bots.GitHub;

/// <summary>GitHub as the forge. Works without credentials as well, for configured repositories that anybody may read.</summary>
public sealed class GitHubForge(
    GitHubClient client, GitHubTokens tokens, GitHubIdentity identity, GitHubOptions options, IReadOnlyList<KnownRepository> configured, TimeProvider time) : IForge
{
    public Uri Web => options.WebUrl;

    private static readonly TimeSpan RepositoriesHold = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan HeadHolds = TimeSpan.FromSeconds(5);

    private readonly Expiring<string, IReadOnlyList<KnownRepository>> _repositories = new(time);
    private readonly Expiring<RepositoryName, string?> _heads = new(time);

    public Task<IReadOnlyList<KnownRepository>> Repositories(CancellationToken cancellation) =>
        Try("list the repositories", () => _repositories.Get("", async () => (await List(), time.GetUtcNow() + RepositoriesHold), cancellation));

    public async Task<string> DefaultBranch(RepositoryName repository, CancellationToken cancellation)
    {
        if (configured.FirstOrDefault(r => r.Name == repository)?.DefaultBranch is { } branch) return branch;
        var answer = await Try($"show {repository}", () => client.Repository(repository, cancellation));
        return answer.DefaultBranch ?? throw new ForgeException($"GitHub does not tell the default branch of {repository}.", transient: false);
    }

    public Task<ForgeFile?> ReadFile(RepositoryName repository, string path, CancellationToken cancellation) => Try($"read {path} of {repository}", async () =>
    {
        // The commit is asked for once for all files somebody wants at the same time.
        var commit = await _heads.Get(repository, async () => (await Head(repository), time.GetUtcNow() + HeadHolds), cancellation);
        return commit is not null && await client.File(repository, path, commit, ForgeFile.MostBytes, cancellation) is { } text ? new ForgeFile(text, commit) : null;
    });

    public async Task<PullRequest?> FindPullRequest(RepositoryName repository, string branch, CancellationToken cancellation) =>
        await Try("look for the pull request", () => client.PullRequest(repository, branch, cancellation)) is { } found ? Known(repository, found) : null;

    public Task<PullRequest> OpenPullRequest(RepositoryName repository, NewPullRequest request, CancellationToken cancellation) =>
        Try("open the pull request", async () =>
        {
            var wanted = new GitHubPullRequestRequest(request.Title, request.Branch, request.Base, GitHubText.Quiet(request.Body), Draft: true);
            var opened = await Open(repository, wanted, cancellation);
            return Known(repository, opened);
        });

    public async Task<bool> IsAncestor(RepositoryName repository, string ancestor, string commit, CancellationToken cancellation) =>
        await Try("compare commits", () => client.Compare(repository, ancestor, commit, cancellation)) is { Status: "ahead" or "identical" };

    public async Task<Person> Self(CancellationToken cancellation)
    {
        if (!options.Enabled) return new(GitHubSurface.SurfaceName, "bots", "bots", "bots@users.noreply.github.com");
        var self = await Try("tell who the bot is", () => identity.Get(cancellation));
        return new(GitHubSurface.SurfaceName, self.Login, self.Login, self.Email);
    }

    public async Task<GitAccess> Access(RepositoryName repository, GitRight right, CancellationToken cancellation)
    {
        var token = await Try($"give access to {repository}", () => tokens.Token(repository, right == GitRight.Write ? GitHubScope.Git : GitHubScope.GitRead, cancellation));
        var authorization = token is null ? null : "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"x-access-token:{token}"));
        return new(new Uri(options.WebUrl, $"{repository}.git"), authorization)
        {
            Credential = authorization is null ? null : options.IsApp ? "GitHub App installation" : "GitHub token",
        };
    }

    private static PullRequest Known(RepositoryName repository, GitHubPullRequest request) =>
        new(request.Number, request.HtmlUrl, new GitHubPlace(repository, request.Number).Key);

    private async Task<GitHubPullRequest> Open(RepositoryName repository, GitHubPullRequestRequest request, CancellationToken cancellation)
    {
        try
        {
            return await client.OpenPullRequest(repository, request, cancellation);
        }
        catch (GitHubException e) when (e.Status is HttpStatusCode.UnprocessableEntity)
        {
            // Private repositories of free plans know no drafts.
            if (request.Draft && e.Message.Contains("draft", StringComparison.OrdinalIgnoreCase))
                return await Open(repository, request with { Draft = false }, cancellation);
            if (await client.PullRequest(repository, request.Head, cancellation) is { } there) return there;
            throw;
        }
    }

    /// <summary>The commit the default branch is at; null in an empty repository.</summary>
    private async Task<string?> Head(RepositoryName repository)
    {
        var branch = await DefaultBranch(repository, CancellationToken.None);
        try
        {
            return await client.Commit(repository, branch, CancellationToken.None);
        }
        catch (GitHubException e) when (e.Status is HttpStatusCode.Conflict && e.Message.Contains("empty", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<KnownRepository>> List()
    {
        if (!options.IsApp) return configured;
        var known = configured.ToDictionary(r => r.Name);
        await foreach (var found in client.InstallationRepositories(CancellationToken.None))
        {
            if (found.Archived || !RepositoryName.TryParse(found.FullName, out var name)) continue;
            var told = known.GetValueOrDefault(name) ?? new KnownRepository { Name = name };
            known[name] = told with
            {
                Description = told.Description.Length > 0 ? told.Description : found.Description ?? "",
                DefaultBranch = told.DefaultBranch ?? found.DefaultBranch,
            };
        }

        return [.. known.Values];
    }

    private static async Task<T> Try<T>(string doing, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (GitHubException e)
        {
            throw e.ToForge(doing);
        }
    }
}
