using Bots.Engine;
using Bots.Engine.Forges;

namespace Bots.Tests.Gateway;

/// <summary>A forge that only knows where its git remote is.</summary>
internal sealed class FixedForge(GitAccess access) : IForge
{
    public Uri Web { get; } = new("https://github.com/");

    public ForgeException? Failure { get; init; }

    public Task<GitAccess> Access(RepositoryName repository, GitRight right, CancellationToken cancellation)
    {
        Rights.Add($"{repository}: {right}");
        return Failure is { } failure ? Task.FromException<GitAccess>(failure) : Task.FromResult(access with { Remote = new Uri(access.Remote, $"/{repository}.git") });
    }

    /// <summary>What access was asked for.</summary>
    public List<string> Rights { get; } = [];


    public Task<IReadOnlyList<KnownRepository>> Repositories(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<string> DefaultBranch(RepositoryName repository, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<ForgeFile?> ReadFile(RepositoryName repository, string path, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<PullRequest?> FindPullRequest(RepositoryName repository, string branch, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<PullRequest> OpenPullRequest(RepositoryName repository, NewPullRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>What is asked of it, as <c>ancestor...commit</c>; those that are true.</summary>
    public HashSet<string> Ancestors { get; } = [];

    public List<string> Asked { get; } = [];

    public Task<bool> IsAncestor(RepositoryName repository, string ancestor, string commit, CancellationToken cancellation)
    {
        Asked.Add($"{ancestor}...{commit}");
        return Task.FromResult(Ancestors.Contains($"{ancestor}...{commit}"));
    }

    public Task<Person> Self(CancellationToken cancellation) => throw new NotSupportedException();
}
