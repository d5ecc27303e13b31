using System.Text.Json.Serialization;

namespace Bots.GitHub;

public sealed record GitHubUser(string Login, long Id = 0, string? Type = null);

/// <summary>An App, as a comment names it or <c>GET /app</c> answers.</summary>
public sealed record GitHubApp(long Id, string? Slug = null);

public sealed record GitHubRepository(string FullName, string? Description = null, string? DefaultBranch = null, bool Archived = false);

public sealed record GitHubReference(GitHubObject Object);

public sealed record GitHubObject(string Sha);

public sealed record GitHubComment(
    long Id, string? Body = null, GitHubUser? User = null, DateTimeOffset? CreatedAt = null, GitHubApp? PerformedViaGithubApp = null);

public sealed record GitHubPullRequest(
    int Number, string State, string Title, GitHubRef Head, GitHubRef Base, Uri HtmlUrl, string? Body = null, GitHubUser? User = null);

/// <param name="Repo">Null when the fork was deleted.</param>
public sealed record GitHubRef(string Ref, GitHubRepository? Repo = null);

public sealed record GitHubReaction(long Id);

/// <param name="Permission">admin, write, read or none; maintain is write and triage is read.</param>
public sealed record GitHubPermission(string Permission);

/// <param name="Status">ahead, behind, identical or diverged.</param>
public sealed record GitHubComparison(string Status);

public sealed record GitHubInstallation(long Id, DateTimeOffset? SuspendedAt = null);

public sealed record GitHubInstallationToken(string Token, DateTimeOffset ExpiresAt)
{
    /// <summary>Without the token.</summary>
    public override string ToString() => $"{nameof(GitHubInstallationToken)} until {ExpiresAt:u}";
}

public sealed record GitHubRepositoryPage(IReadOnlyList<GitHubRepository> Repositories);

public sealed record GitHubTokenRequest(IReadOnlyDictionary<string, string> Permissions, IReadOnlyList<string>? Repositories);

public sealed record GitHubCommentRequest(string Body);

public sealed record GitHubReactionRequest(string Content);

public sealed record GitHubPullRequestRequest(string Title, string Head, string Base, string Body, bool Draft);

/// <summary>One attempt to deliver a webhook of the App.</summary>
/// <param name="Guid">The delivery's own id; the same in each attempt.</param>
public sealed record GitHubAttempt(long Id, string Guid, DateTimeOffset DeliveredAt, string Event, string? Action = null);

public sealed record GitHubError(string? Message = null, IReadOnlyList<GitHubErrorDetail>? Errors = null);

public sealed record GitHubErrorDetail(string? Field = null, string? Code = null, string? Message = null);

/// <summary>The least of a webhook's body that its endpoint has to know.</summary>
public sealed record GitHubEnvelope(string? Action = null, GitHubEnvelope.Named? Comment = null)
{
    public sealed record Named(long Id);
}

/// <summary>The body of an <c>issue_comment</c> webhook; pull requests are issues to it.</summary>
public sealed record GitHubCommentEvent(
    string Action, GitHubIssue Issue, GitHubComment Comment, GitHubRepository Repository, GitHubUser Sender, GitHubChanges? Changes = null);

/// <param name="PullRequest">Present when the issue is a pull request.</param>
/// <param name="Comments">How many comments it has.</param>
public sealed record GitHubIssue(int Number, string State, GitHubIssuePullRequest? PullRequest = null, int Comments = 0);

public sealed record GitHubIssuePullRequest(Uri? HtmlUrl = null);

public sealed record GitHubChanges(GitHubChange? Body = null);

public sealed record GitHubChange(string? From = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(GitHubUser))]
[JsonSerializable(typeof(GitHubApp))]
[JsonSerializable(typeof(GitHubRepository))]
[JsonSerializable(typeof(GitHubReference))]
[JsonSerializable(typeof(GitHubComment))]
[JsonSerializable(typeof(IReadOnlyList<GitHubComment>))]
[JsonSerializable(typeof(GitHubPullRequest))]
[JsonSerializable(typeof(IReadOnlyList<GitHubPullRequest>))]
[JsonSerializable(typeof(GitHubReaction))]
[JsonSerializable(typeof(GitHubPermission))]
[JsonSerializable(typeof(GitHubComparison))]
[JsonSerializable(typeof(GitHubInstallation))]
[JsonSerializable(typeof(IReadOnlyList<GitHubInstallation>))]
[JsonSerializable(typeof(GitHubInstallationToken))]
[JsonSerializable(typeof(GitHubRepositoryPage))]
[JsonSerializable(typeof(GitHubTokenRequest))]
[JsonSerializable(typeof(GitHubCommentRequest))]
[JsonSerializable(typeof(GitHubReactionRequest))]
[JsonSerializable(typeof(GitHubPullRequestRequest))]
[JsonSerializable(typeof(IReadOnlyList<GitHubAttempt>))]
[JsonSerializable(typeof(GitHubError))]
[JsonSerializable(typeof(GitHubEnvelope))]
[JsonSerializable(typeof(GitHubCommentEvent))]
public sealed partial class GitHubJson : JsonSerializerContext;
