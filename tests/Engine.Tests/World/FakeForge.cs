using System.Collections.Concurrent;
using System.Collections.Immutable;
using Bots.Engine.Forges;

namespace Bots.Engine.Tests.World;

/// <summary>A forge that remembers its pull requests.</summary>
public sealed class FakeForge(Pulse pulse) : IForge
{
    private ImmutableList<NewPullRequest> _opened = [];

    public Uri Web { get; } = new("https://github.com/");

    public List<KnownRepository> Known { get; } = [new() { Name = RepositoryName.Parse("acme/calculator") }];

    /// <summary>Files of every repository's default branch, by path.</summary>
    public ConcurrentDictionary<string, string> Files { get; } = [];

    /// <summary>While set, nobody can say which repositories there are, nor what is in them.</summary>
    public bool IsAway { get; set; }

    public ImmutableList<NewPullRequest> Opened => Volatile.Read(ref _opened);

    /// <summary>Awaited after a pull request was opened and before that is answered.</summary>
    public Func<Task> Answering { get; set; } = () => Task.CompletedTask;

    public Task<IReadOnlyList<KnownRepository>> Repositories(CancellationToken cancellation) =>
        IsAway ? throw new ForgeException("away", transient: true) : Task.FromResult<IReadOnlyList<KnownRepository>>([.. Known]);

    public Task<string> DefaultBranch(RepositoryName repository, CancellationToken cancellation) => Task.FromResult("main");

    public Task<ForgeFile?> ReadFile(RepositoryName repository, string path, CancellationToken cancellation) =>
        IsAway ? throw new ForgeException("away", transient: true) : Task.FromResult(Files.TryGetValue(path, out var text) ? new ForgeFile(text, "1111111111111111111111111111111111111111") : null);

    public Task<PullRequest?> FindPullRequest(RepositoryName repository, string branch, CancellationToken cancellation) =>
        Task.FromResult(Opened.FindIndex(p => p.Branch == branch) is var index and >= 0 ? Number(repository, index + 1) : null);

    public async Task<PullRequest> OpenPullRequest(RepositoryName repository, NewPullRequest request, CancellationToken cancellation)
    {
        _opened = _opened.Add(request);
        pulse.Beat();
        await Answering();
        return Number(repository, Opened.Count);
    }

    public Task<bool> IsAncestor(RepositoryName repository, string ancestor, string commit, CancellationToken cancellation) => Task.FromResult(false);

    public Task<Person> Self(CancellationToken cancellation) => Task.FromResult(new Person("forge", "bots[bot]", "bots[bot]"));

    public Task<GitAccess> Access(RepositoryName repository, GitRight right, CancellationToken cancellation) => Task.FromResult(new GitAccess(new Uri("https://forge.example/"), null));

    private static PullRequest Number(RepositoryName repository, int number) =>
        new(number, new Uri($"https://forge.example/{repository}/pull/{number}"), new ConversationKey("forge", $"{repository}#{number}"));
}
