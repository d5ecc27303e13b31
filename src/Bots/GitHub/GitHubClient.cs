using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Bots.Engine;

namespace Bots.GitHub;

/// <summary>The calls of the REST API that we make, one method each.</summary>
public sealed class GitHubClient(GitHubHttp http, GitHubTokens tokens, GitHubLimits limits)
{
    /// <summary>As GitHub counts comments and repositories into pages.</summary>
    public const int PageSize = 100;

    /// <summary>What somebody may do in a repository: admin, write, read or none.</summary>
    /// <exception cref="GitHubException"/>
    public async Task<string> Permission(RepositoryName repository, string login, CancellationToken cancellation)
    {
        try
        {
            var call = GitHubCall.Get($"repos/{repository}/collaborators/{Uri.EscapeDataString(login)}/permission");
            return (await Send(repository, call, GitHubJson.Default.GitHubPermission, cancellation)).Value.Permission;
        }
        catch (GitHubException e) when (e.Status is HttpStatusCode.NotFound)
        {
            return "none";
        }
    }

    /// <exception cref="GitHubException"/>
    public async Task<GitHubRepository> Repository(RepositoryName repository, CancellationToken cancellation) =>
        (await Send(repository, GitHubCall.Get($"repos/{repository}"), GitHubJson.Default.GitHubRepository, cancellation)).Value;

    /// <summary>The commit a branch is at.</summary>
    /// <exception cref="GitHubException"/>
    public async Task<string> Commit(RepositoryName repository, string branch, CancellationToken cancellation)
    {
        var name = string.Join('/', branch.Split('/').Select(Uri.EscapeDataString));
        return (await Send(repository, GitHubCall.Get($"repos/{repository}/git/ref/heads/{name}"), GitHubJson.Default.GitHubReference, cancellation)).Value.Object.Sha;
    }

    /// <summary>A file as it is in a commit; null when there is none, or something else has that name.</summary>
    /// <param name="mostBytes">More than that is refused.</param>
    /// <exception cref="GitHubException"/>
    public async Task<string?> File(RepositoryName repository, string path, string commit, int mostBytes, CancellationToken cancellation)
    {
        var name = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        var call = GitHubCall.Get($"repos/{repository}/contents/{name}?ref={Uri.EscapeDataString(commit)}") with { Scope = limits.Scope(repository) };
        try
        {
            return await Renewing(repository, authorization => http.Raw(call, authorization, mostBytes, cancellation), cancellation);
        }
        catch (GitHubException e) when (e.Status is HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <exception cref="GitHubException"/>
    public async Task<GitHubPullRequest> PullRequest(RepositoryName repository, int number, CancellationToken cancellation) =>
        (await Send(repository, GitHubCall.Get($"repos/{repository}/pulls/{number}"), GitHubJson.Default.GitHubPullRequest, cancellation)).Value;

    /// <summary>The open pull request from a branch of the same repository.</summary>
    /// <exception cref="GitHubException"/>
    public async Task<GitHubPullRequest?> PullRequest(RepositoryName repository, string branch, CancellationToken cancellation)
    {
        var head = Uri.EscapeDataString($"{repository.Owner}:{branch}");
        var call = GitHubCall.Get($"repos/{repository}/pulls?state=open&head={head}&per_page={PageSize}");
        var found = (await Send(repository, call, GitHubJson.Default.IReadOnlyListGitHubPullRequest, cancellation)).Value;

        // A filter GitHub cannot read is passed over, and everything comes back.
        return found.FirstOrDefault(p => p.Head.Ref == branch && RepositoryName.TryParse(p.Head.Repo?.FullName, out var from) && from == repository);
    }

    /// <exception cref="GitHubException"/>
    public async Task<GitHubPullRequest> OpenPullRequest(RepositoryName repository, GitHubPullRequestRequest request, CancellationToken cancellation)
    {
        await limits.Enter(repository, cancellation);
        return (await Write(repository, GitHubCall.Post($"repos/{repository}/pulls", request, GitHubJson.Default.GitHubPullRequestRequest), GitHubJson.Default.GitHubPullRequest, cancellation)).Value;
    }

    /// <summary>One page of a conversation's comments, oldest first.</summary>
    /// <exception cref="GitHubException"/>
    public async Task<IReadOnlyList<GitHubComment>> Comments(RepositoryName repository, int number, int page, CancellationToken cancellation) =>
        (await Send(repository, CommentsCall(repository, number, page), GitHubJson.Default.IReadOnlyListGitHubComment, cancellation)).Value;

    /// <summary>All of a conversation's comments, oldest first.</summary>
    /// <exception cref="GitHubException"/>
    public async IAsyncEnumerable<GitHubComment> Comments(RepositoryName repository, int number, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (GitHubCall? call = CommentsCall(repository, number, 1); call is not null;)
        {
            var answer = await Send(repository, call, GitHubJson.Default.IReadOnlyListGitHubComment, cancellation);
            foreach (var comment in answer.Value) yield return comment;
            call = answer.Next;
        }
    }

    /// <returns>How one commit stands to another; null when GitHub does not know one of them.</returns>
    /// <exception cref="GitHubException"/>
    public async Task<GitHubComparison?> Compare(RepositoryName repository, string from, string to, CancellationToken cancellation)
    {
        try
        {
            return (await Send(repository, GitHubCall.Get($"repos/{repository}/compare/{from}...{to}?per_page=1"), GitHubJson.Default.GitHubComparison, cancellation)).Value;
        }
        catch (GitHubException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity)
        {
            return null;
        }
    }

    /// <summary>As all that shows: whoever calls it has asked <see cref="GitHubLimits.Admit"/> before.</summary>
    /// <exception cref="GitHubException"/>
    public async Task<long> Comment(RepositoryName repository, int number, string body, CancellationToken cancellation) =>
        (await Write(repository, GitHubCall.Post($"repos/{repository}/issues/{number}/comments", new(body), GitHubJson.Default.GitHubCommentRequest), GitHubJson.Default.GitHubComment, cancellation)).Value.Id;

    /// <exception cref="GitHubException"/>
    public Task EditComment(RepositoryName repository, long comment, string body, CancellationToken cancellation) =>
        Write(repository, GitHubCall.Patch($"repos/{repository}/issues/comments/{comment}", new(body), GitHubJson.Default.GitHubCommentRequest), GitHubJson.Default.GitHubComment, cancellation);

    /// <summary>A reaction that is there already is answered with itself.</summary>
    /// <exception cref="GitHubException"/>
    public async Task<long> React(RepositoryName repository, long comment, string content, CancellationToken cancellation)
    {
        var call = GitHubCall.Post($"repos/{repository}/issues/comments/{comment}/reactions", new(content), GitHubJson.Default.GitHubReactionRequest, repeatable: true);
        return (await Write(repository, call, GitHubJson.Default.GitHubReaction, cancellation)).Value.Id;
    }

    /// <summary>Every repository the App was given, over all its installations.</summary>
    /// <exception cref="GitHubException"/>
    public async IAsyncEnumerable<GitHubRepository> InstallationRepositories([EnumeratorCancellation] CancellationToken cancellation)
    {
        for (GitHubCall? call = GitHubCall.Get($"app/installations?per_page={PageSize}"); call is not null;)
        {
            var installations = await http.Send(call, tokens.Own(), GitHubJson.Default.IReadOnlyListGitHubInstallation, cancellation);
            foreach (var installation in installations.Value.Where(i => i.SuspendedAt is null))
                await foreach (var repository in Repositories(installation.Id, cancellation)) yield return repository;
            call = installations.Next;
        }
    }

    /// <summary>Attempts to deliver the App's webhooks that failed, newest first, as far back as GitHub keeps them.</summary>
    /// <exception cref="GitHubException"/>
    public async IAsyncEnumerable<GitHubAttempt> FailedDeliveries([EnumeratorCancellation] CancellationToken cancellation)
    {
        for (GitHubCall? call = GitHubCall.Get($"app/hook/deliveries?status=failure&per_page={PageSize}"); call is not null;)
        {
            var page = await http.Send(call, tokens.Own(), GitHubJson.Default.IReadOnlyListGitHubAttempt, cancellation);
            foreach (var attempt in page.Value) yield return attempt;
            call = page.Next;
        }
    }

    /// <summary>Asks for another attempt, under the same GUID.</summary>
    /// <returns>False when GitHub no longer has it.</returns>
    /// <exception cref="GitHubException"/>
    public async Task<bool> Redeliver(long attempt, CancellationToken cancellation)
    {
        try
        {
            await http.Do(new GitHubCall(HttpMethod.Post, $"app/hook/deliveries/{attempt}/attempts"), tokens.Own(), cancellation);
            return true;
        }
        catch (GitHubException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.UnprocessableEntity)
        {
            return false;
        }
    }

    private async IAsyncEnumerable<GitHubRepository> Repositories(long installation, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var authorization = await tokens.ForListing(installation, cancellation);
        for (GitHubCall? call = GitHubCall.Get($"installation/repositories?per_page={PageSize}") with { Scope = $"github:/installation/{installation}" }; call is not null;)
        {
            var page = await http.Send(call, authorization, GitHubJson.Default.GitHubRepositoryPage, cancellation);
            foreach (var repository in page.Value.Repositories) yield return repository;
            call = page.Next;
        }
    }

    private static GitHubCall CommentsCall(RepositoryName repository, int number, int page) =>
        GitHubCall.Get($"repos/{repository}/issues/{number}/comments?per_page={PageSize}&page={page}");

    private Task<GitHubAnswer<T>> Send<T>(RepositoryName repository, GitHubCall call, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        Renewing(repository, authorization => http.Send(call with { Scope = limits.Scope(repository) }, authorization, type, cancellation), cancellation);

    private Task<GitHubAnswer<T>> Write<T>(RepositoryName repository, GitHubCall call, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        limits.Alone(repository, () => Send(repository, call, type, cancellation), cancellation);

    private async Task<T> Renewing<T>(RepositoryName repository, Func<string?, Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call(await Authorization(repository, cancellation));
        }
        catch (GitHubException e) when (e.Status is HttpStatusCode.Unauthorized && tokens.Forget(repository, GitHubScope.Api))
        {
            // A token can end early: the App was installed anew, or somebody revoked it.
            return await call(await Authorization(repository, cancellation));
        }
    }

    private async Task<string?> Authorization(RepositoryName repository, CancellationToken cancellation) =>
        await tokens.Token(repository, GitHubScope.Api, cancellation) is { } token ? $"Bearer {token}" : null;
}
