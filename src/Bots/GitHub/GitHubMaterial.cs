using Bots.Engine;
using Bots.Engine.Intake;
using Bots.Surfaces;

namespace Bots.GitHub;

/// <summary>What a pull request's request comes with: where to work, and the words of others around it.</summary>
public static class GitHubMaterial
{
    public const int MostComments = 20;

    private const int MostDescription = 10_000;
    private const int MostComment = 4_000;

    /// <summary>Work goes to the pull request's own branch; beside it when that is a fork's, or the repository's default branch, which nobody pushes to without review.</summary>
    public static WorkTarget Target(RepositoryName repository, GitHubPullRequest pull)
    {
        var own = RepositoryName.TryParse(pull.Head.Repo?.FullName, out var from) && from == repository;
        if (!own) return new(repository, Base: $"refs/pull/{pull.Number}/head") { PullRequestBase = pull.Base.Ref };
        if (pull.Head.Ref == pull.Head.Repo!.DefaultBranch) return new(repository, Base: pull.Head.Ref);
        return new(repository, pull.Head.Ref, pull.Base.Ref, pull.Number);
    }

    /// <param name="comments">Oldest first; may hold the bot's own and the request itself, which are left out.</param>
    public static IReadOnlyList<Material> Of(GitHubPullRequest pull, IEnumerable<GitHubComment> comments, GitHubComment request, GitHubSelf self) =>
    [
        new(pull.User?.Login ?? "ghost", $"title and description of pull request #{pull.Number}", $"{pull.Title}\n\n{VisibleText.Shorten(pull.Body ?? "", MostDescription)}".Trim()),
        .. comments.Where(c => IsBefore(c, request) && !self.Wrote(c) && !string.IsNullOrWhiteSpace(c.Body))
            .TakeLast(MostComments)
            .Select(c => new Material(c.User?.Login ?? "ghost", "comment on the pull request", VisibleText.Shorten(c.Body!, MostComment))),
    ];

    // A retry much later must tell the agent the same as the first try would have.
    private static bool IsBefore(GitHubComment comment, GitHubComment request) =>
        comment.Id != request.Id && (comment.CreatedAt is null || request.CreatedAt is null || comment.CreatedAt <= request.CreatedAt);
}
