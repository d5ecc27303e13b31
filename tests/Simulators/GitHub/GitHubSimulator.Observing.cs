using Bots.Simulators.GitHub.Git;
using Bots.Simulators.GitHub.Rest;
using Bots.Simulators.GitHub.State;
using Bots.Simulators.GitHub.Webhooks;

namespace Bots.Simulators.GitHub;

/// <content>What tests look at and wait for.</content>
public sealed partial class GitHubSimulator
{
    public IReadOnlyList<Repository> Repositories => _world.Repositories;

    public IReadOnlyList<Installation> Installations => [.. _world.Installations.Values.OrderBy(i => i.Id)];

    /// <summary>Every call of the API and of git, in the order they were answered.</summary>
    public IReadOnlyList<ApiCall> Calls => _calls.Calls;

    /// <summary>Every attempt to deliver a webhook, oldest first.</summary>
    public IReadOnlyList<WebhookDelivery> Deliveries => _webhooks.Log;

    /// <summary>Sends a delivery once more, as from the App's page of recent deliveries.</summary>
    public void Redeliver(WebhookDelivery delivery) => _webhooks.Redeliver(delivery);

    /// <param name="name"><c>owner/name</c>.</param>
    public Repository Repository(string name) =>
        name.Split('/') is [var owner, var repository] && _world.Find(owner, repository) is { } found
            ? found
            : throw new InvalidOperationException($"There is no repository {name}.");

    /// <summary>The issue or pull request with this number, as it is now.</summary>
    public Issue Issue(string repository, int number) =>
        Repository(repository).Issues.GetValueOrDefault(number) ?? throw new InvalidOperationException($"{repository} has no #{number}.");

    public IReadOnlyList<Issue> PullRequests(string repository) => [.. Repository(repository).Issues.Values.Where(i => i.Pull is not null)];

    public IReadOnlyList<Comment> Comments(string repository, int number) => Issue(repository, number).Comments;

    /// <summary>Branches with the commits they point to.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Branches(string repository)
    {
        var refs = await BareRepository.Refs(Repository(repository).Path);
        return refs.Where(r => r.Key.StartsWith("refs/heads/", StringComparison.Ordinal)).ToDictionary(r => r.Key["refs/heads/".Length..], r => r.Value);
    }

    /// <summary>Runs git in the bare repository and returns its output without the last line end.</summary>
    public async Task<string> Git(string repository, params string[] arguments) =>
        (await GitCommand.Run(Repository(repository).Path, arguments)).TrimEnd('\n');

    /// <summary>The files a pull request changes.</summary>
    public async Task<IReadOnlyList<FileChange>> Files(string repository, int number) =>
        (await _heads.Compare(Repository(repository), Issue(repository, number))).Files;

    internal Task<Comparison> Compare(Repository repository, Issue issue) => _heads.Compare(repository, issue);

    /// <summary>The app's installation for an owner.</summary>
    public Installation Installation(string owner) =>
        _world.Installations.Values.FirstOrDefault(i => string.Equals(i.Account.Login, owner, StringComparison.OrdinalIgnoreCase))
        ?? throw new InvalidOperationException($"The app is not installed for {owner}.");

    /// <summary>Waits until a comment is as wanted. The issue itself may be yet to come.</summary>
    /// <exception cref="TimeoutException">It did not come in time.</exception>
    public Task<Comment> WaitForComment(string repository, int number, Func<Comment, bool> predicate, TimeSpan timeout) =>
        _world.Changed.WaitFor(() => Repository(repository).Issues.GetValueOrDefault(number)?.Comments.Find(c => predicate(c)), timeout, SoFar);

    /// <summary>Waits until a pull request is as wanted.</summary>
    /// <exception cref="TimeoutException">It did not come in time.</exception>
    public Task<Issue> WaitForPullRequest(string repository, Func<Issue, bool> predicate, TimeSpan timeout) =>
        _world.Changed.WaitFor(() => PullRequests(repository).FirstOrDefault(predicate), timeout, SoFar);

    /// <summary>Waits until a condition over the simulator's state holds; it is looked at whenever the state changes.</summary>
    /// <exception cref="TimeoutException">It did not come true in time.</exception>
    public Task WaitFor(Func<bool> condition, TimeSpan timeout) => _world.Changed.WaitFor(() => condition() ? this : null, timeout, SoFar);

    /// <summary>Waits until every webhook has been answered, or has failed.</summary>
    /// <exception cref="TimeoutException">The app did not answer in time.</exception>
    public Task WaitForDeliveries(TimeSpan timeout) => WaitFor(() => _webhooks.Idle, timeout);

    private string SoFar() => $"{Calls.Count} calls, {Deliveries.Count} deliveries.";
}
