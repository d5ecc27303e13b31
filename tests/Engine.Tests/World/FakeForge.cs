using Bots.Engine.Forges;

namespace Bots.Engine.Tests.World;

public sealed class FakeForge : IForge
{
    public List<KnownRepository> Known { get; } = [new() { Name = RepositoryName.Parse("acme/calculator") }];

    public List<NewPullRequest> Opened { get; } = [];

    public Task<IReadOnlyList<KnownRepository>> Repositories(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<KnownRepository>>(Known);

    public Task<string> DefaultBranch(RepositoryName repository, CancellationToken cancellation) => Task.FromResult("main");

    public Task<PullRequest?> FindPullRequest(RepositoryName repository, string branch, CancellationToken cancellation) => Task.FromResult<PullRequest?>(null);

    public Task<PullRequest> OpenPullRequest(RepositoryName repository, NewPullRequest request, CancellationToken cancellation)
    {
        Opened.Add(request);
        return Task.FromResult(new PullRequest(Opened.Count, new Uri($"https://forge.example/{repository}/pull/{Opened.Count}"), new ConversationKey("forge", $"{repository}#{Opened.Count}")));
    }

    public Task<Person> Self(CancellationToken cancellation) => Task.FromResult(new Person("forge", "bots[bot]", "bots[bot]"));

    public Task<GitAccess> Access(RepositoryName repository, CancellationToken cancellation) => Task.FromResult(new GitAccess(new Uri("https://forge.example/"), null));
}
