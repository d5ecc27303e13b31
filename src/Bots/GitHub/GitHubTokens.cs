using System.Collections.ObjectModel;
using System.Net;
using Bots.Engine;
using Bots.Engine.Surfaces;

namespace Bots.GitHub;

/// <summary>What a token is for; each gets no more than it needs.</summary>
public enum GitHubScope
{
    /// <summary>Comments, reactions and pull requests of one repository.</summary>
    Api,

    /// <summary>Fetch and push in one repository.</summary>
    Git,

    /// <summary>Fetch from one repository.</summary>
    GitRead,
}

/// <summary>The credentials of each call: the App's installation tokens, made as needed and kept until shortly before they end, or the plain token.</summary>
public sealed partial class GitHubTokens(GitHubHttp http, GitHubOptions options, TimeProvider time, ILogger<GitHubTokens> logger)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan InstallationHolds = TimeSpan.FromMinutes(10);

    private static readonly ReadOnlyDictionary<string, string> Listing = new(new Dictionary<string, string> { ["metadata"] = "read" });
    private static readonly ReadOnlyDictionary<string, string> GitRead = new(new Dictionary<string, string> { ["metadata"] = "read", ["contents"] = "read" });
    private static readonly ReadOnlyDictionary<string, string> Git = new(new Dictionary<string, string> { ["metadata"] = "read", ["contents"] = "write" });

    private static readonly ReadOnlyDictionary<string, string> Api = new(new Dictionary<string, string>
    {
        ["metadata"] = "read", ["contents"] = "read", ["issues"] = "write", ["pull_requests"] = "write",
    });

    private readonly Expiring<RepositoryName, long> _installations = new(time);
    private readonly Expiring<(RepositoryName Repository, GitHubScope Scope), string> _tokens = new(time);

    /// <summary>A token for git or the API; null when no credentials are configured. Secret.</summary>
    /// <exception cref="GitHubException">Among others: the App is not installed there.</exception>
    public async Task<string?> Token(RepositoryName repository, GitHubScope scope, CancellationToken cancellation)
    {
        if (!options.IsApp) return string.IsNullOrEmpty(options.Token) ? null : options.Token;
        return await _tokens.Get((repository, scope), () => Make(repository, scope), cancellation);
    }

    /// <summary>Drops a token that GitHub no longer takes.</summary>
    /// <returns>False when there is no other to be had.</returns>
    public bool Forget(RepositoryName repository, GitHubScope scope)
    {
        _tokens.Forget((repository, scope));
        return options.IsApp;
    }

    /// <summary>The header that speaks for the whole App, or for the owner of the plain token; null without credentials.</summary>
    public string? Own() => options switch
    {
        { IsApp: true } => $"Bearer {GitHubJwt.Create(options.ReadPrivateKey(), options.AppId!, time.GetUtcNow())}",
        { Token.Length: > 0 } => $"Bearer {options.Token}",
        _ => null,
    };

    /// <summary>The header to list an installation's repositories with.</summary>
    /// <exception cref="GitHubException"/>
    public async Task<string> ForListing(long installation, CancellationToken cancellation)
    {
        var answer = await Create(installation, new(Listing, null), cancellation);
        return $"Bearer {answer.Token}";
    }

    private async Task<(string Token, DateTimeOffset Until)> Make(RepositoryName repository, GitHubScope scope)
    {
        var request = new GitHubTokenRequest(Permissions(scope), [repository.Name]);
        var installation = await Installation(repository);
        GitHubInstallationToken made;
        try
        {
            made = await Create(installation, request, CancellationToken.None);
        }
        catch (GitHubException e) when (e.Status is HttpStatusCode.NotFound)
        {
            // Removed and installed anew: the id that was kept is not the one of today.
            _installations.Forget(repository);
            made = await Create(await Installation(repository), request, CancellationToken.None);
        }

        LogMade(logger, repository, scope, made.ExpiresAt);
        return (made.Token, made.ExpiresAt - Margin);
    }

    private static ReadOnlyDictionary<string, string> Permissions(GitHubScope scope) => scope switch
    {
        GitHubScope.Git => Git,
        GitHubScope.GitRead => GitRead,
        _ => Api,
    };

    private async Task<long> Installation(RepositoryName repository)
    {
        try
        {
            return await _installations.Get(repository, async () =>
            {
                var answer = await http.Send(GitHubCall.Get($"repos/{repository}/installation"), Own(), GitHubJson.Default.GitHubInstallation, CancellationToken.None);
                return (answer.Value.Id, time.GetUtcNow() + InstallationHolds);
            }, CancellationToken.None);
        }
        catch (GitHubException e) when (e.Status is HttpStatusCode.NotFound)
        {
            throw new GitHubException(SurfaceOutcome.PlaceGone, null, $"the App is not installed on {repository}", inner: e);
        }
    }

    private async Task<GitHubInstallationToken> Create(long installation, GitHubTokenRequest request, CancellationToken cancellation)
    {
        var call = GitHubCall.Post($"app/installations/{installation}/access_tokens", request, GitHubJson.Default.GitHubTokenRequest, repeatable: true);
        return (await http.Send(call, Own(), GitHubJson.Default.GitHubInstallationToken, cancellation)).Value;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "New {Scope} token for {Repository}, valid until {ExpiresAt}.")]
    private static partial void LogMade(ILogger logger, RepositoryName repository, GitHubScope scope, DateTimeOffset expiresAt);
}
