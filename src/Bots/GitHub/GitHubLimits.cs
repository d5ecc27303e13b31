using System.Collections.Concurrent;
using System.Net;
using Bots.Engine;
using Bots.Engine.Rates;
using Bots.Engine.Surfaces;

namespace Bots.GitHub;

/// <summary>
/// How often GitHub may be asked. What it refuses closes the whole account that the App is installed on (or all of a plain token); what
/// shows is written one after the other, below 80 in a minute and 500 in an hour.
/// </summary>
public sealed class GitHubLimits(RateGate gate, GitHubOptions options)
{
    private const string Surface = GitHubSurface.SurfaceName;

    /// <summary>Whoever opens a pull request waits for this long here; then it is put off.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _writers = new(StringComparer.Ordinal);

    /// <summary>What a refusal of calls about a repository closes: an App has one installation for each account.</summary>
    public string Scope(RepositoryName repository) => options.IsApp ? $"{Surface}:{repository.Owner.ToLowerInvariant()}" : Own;

    /// <summary>What a refusal of calls in the App's own name closes.</summary>
    public string Own => options.IsApp ? $"{Surface}:/app" : $"{Surface}:/token";

    /// <summary>For a comment, an edit or a reaction that the reconciler makes: zero when it may be made now.</summary>
    public TimeSpan Admit(RepositoryName repository, string who, bool urgent) => gate.Take(Content(Scope(repository), options.LimitFactor), who, urgent);

    /// <summary>Waits until something may be written.</summary>
    /// <exception cref="GitHubException">Not before long.</exception>
    public async Task Enter(RepositoryName repository, CancellationToken cancellation)
    {
        var wait = await gate.Enter(Content(Scope(repository), options.LimitFactor), urgent: true, Patience, cancellation, $"writing in {repository}");
        if (wait > TimeSpan.Zero) throw Closed(wait);
    }

    /// <summary>One write at a time for each account.</summary>
    public async Task<T> Alone<T>(RepositoryName repository, Func<Task<T>> write, CancellationToken cancellation)
    {
        var writer = _writers.GetOrAdd(Scope(repository), _ => new SemaphoreSlim(1));
        await writer.WaitAsync(cancellation);
        try
        {
            return await write();
        }
        finally
        {
            writer.Release();
        }
    }

    /// <exception cref="GitHubException">GitHub closed the scope for a while.</exception>
    public void Demand(string scope)
    {
        if (gate.Held(scope) is var held && held > TimeSpan.Zero) throw Closed(held);
    }

    /// <summary>What is to be thrown for an answer that is no success. Where there were too many calls, the scope is closed.</summary>
    public async Task<GitHubException> Refused(string scope, GitHubException answer) =>
        answer.IsLimit ? answer.Waiting(await gate.Hold(scope, answer.RetryAfter)) : answer;

    /// <param name="spent">How long until calls are counted anew, where this was the last one; null where there are more.</param>
    public async Task Passed(string scope, TimeSpan? spent)
    {
        gate.Passed(scope);
        if (spent is { } pause) await gate.Hold(scope, pause);
    }

    /// <summary>Writes that are not urgent keep a second's distance. Burst and intervals together stay within what is allowed. Pure.</summary>
    internal static RateCall Content(string scope, double factor)
    {
        return new(scope, [Limit("second", 3, 1, 2), Limit("minute", 20, 1, 8), Limit("hour", 100, 9, 40)]);

        RateLimit Limit(string name, int burst, double seconds, int reserve) =>
            new($"{scope} {name}", Math.Max(1, (int)(burst * factor)), TimeSpan.FromSeconds(seconds / factor), Math.Min(reserve, Math.Max(1, (int)(burst * factor)) - 1));
    }

    private static GitHubException Closed(TimeSpan wait) =>
        new(SurfaceOutcome.Retry, HttpStatusCode.TooManyRequests, "it limits how often it may be asked", wait) { IsLimit = true };
}
