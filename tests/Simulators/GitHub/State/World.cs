using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Bots.Simulators.GitHub.State;

/// <summary>Everything the simulated GitHub knows. Values are immutable; they are replaced under one lock.</summary>
internal sealed class World(GitHubSimulatorOptions options)
{
    private readonly Lock _gate = new();
    private long _lastId = 700_000_000;
    private ImmutableList<Repository> _repositories = [];

    public GitHubSimulatorOptions Options { get; } = options;

    public ChangeSignal Changed { get; } = new();

    public Account Bot { get; } = new($"{options.AppSlug}[bot]", options.BotUserId, AccountType.Bot) { Name = options.AppName };

    public Uri ApiUrl { get; set; } = new("http://127.0.0.1/api/v3/");

    public Uri WebUrl { get; set; } = new("http://127.0.0.1/");

    public ConcurrentDictionary<string, Account> Accounts { get; } = new(StringComparer.OrdinalIgnoreCase);

    public ConcurrentDictionary<long, Installation> Installations { get; } = [];

    public ConcurrentDictionary<string, AccessToken> Tokens { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<Repository> Repositories => _repositories;

    public Actor App => new(Bot, ViaApp: true);

    public long NewId() => Interlocked.Increment(ref _lastId);

    /// <summary>The time as the API shows it: whole seconds.</summary>
    public DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(Options.Time.GetUtcNow().ToUnixTimeSeconds());

    public Repository? Find(string owner, string name) =>
        _repositories.Find(r => string.Equals(r.Owner.Login, owner, StringComparison.OrdinalIgnoreCase)
            && string.Equals(r.Name, name, StringComparison.OrdinalIgnoreCase));

    public Repository? Find(long id) => _repositories.Find(r => r.Id == id);

    public void Add(Repository repository)
    {
        lock (_gate)
        {
            if (Find(repository.Owner.Login, repository.Name) is not null)
                throw new InvalidOperationException($"{repository.FullName} exists already.");
            _repositories = _repositories.Add(repository);
        }

        Changed.Raise();
    }

    /// <summary>The installation that covers a repository, if the app is installed there and not suspended.</summary>
    public Installation? InstallationOf(Repository repository) =>
        Installations.Values.FirstOrDefault(i => i.SuspendedAt is null && i.Covers(repository));

    /// <summary>Appends an issue or pull request under the next number.</summary>
    public Issue AddIssue(Repository repository, Func<int, Issue> create) =>
        Locked(() =>
        {
            var issue = create(repository.Issues.IsEmpty ? 1 : repository.Issues.Keys.Max() + 1);
            repository.Issues = repository.Issues.Add(issue.Number, issue);
            return issue;
        });

    /// <summary>Replaces an issue by a changed one and says what it was before.</summary>
    public (Issue Before, Issue After) Update(Repository repository, int number, Func<Issue, Issue> change) =>
        Locked(() =>
        {
            var before = repository.Issues[number];
            var after = change(before);
            repository.Issues = repository.Issues.SetItem(number, after);
            return (before, after);
        });

    public T Locked<T>(Func<T> change)
    {
        T result;
        lock (_gate) result = change();
        Changed.Raise();
        return result;
    }

    /// <summary>The comment with this id and the issue it stands under.</summary>
    public static (Issue Issue, Comment Comment)? FindComment(Repository repository, long id) =>
        repository.Issues.Values
            .Select(issue => (issue, comment: issue.Comments.Find(c => c.Id == id)))
            .Where(found => found.comment is not null)
            .Select(found => ((Issue, Comment)?)(found.issue, found.comment!))
            .FirstOrDefault();
}
