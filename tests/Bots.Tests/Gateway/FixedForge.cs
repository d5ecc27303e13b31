using Bots.Engine;
using Bots.Engine.Forges;

namespace Bots.Tests.Gateway;

/// <summary>A forge that only knows where its git remote is.</summary>
internal sealed class FixedForge(GitAccess access) : IForge
{
    public ForgeException? Failure { get; init; }

    public Task<GitAccess> Access(RepositoryName repository, CancellationToken cancellation) =>
        Failure is { } failure ? Task.FromException<GitAccess>(failure) : Task.FromResult(access);

    public Task<IReadOnlyList<KnownRepository>> Repositories(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<string> DefaultBranch(RepositoryName repository, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<ForgeFile?> ReadFile(RepositoryName repository, string path, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<PullRequest?> FindPullRequest(RepositoryName repository, string branch, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<PullRequest> OpenPullRequest(RepositoryName repository, NewPullRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<Person> Self(CancellationToken cancellation) => throw new NotSupportedException();
}
