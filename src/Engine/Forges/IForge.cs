namespace Bots.Engine.Forges;

/// <summary>Where repositories live (GitHub). All calls act as the bot.</summary>
public interface IForge
{
    /// <summary>Where people see it, such as <c>https://github.com/</c>; git's addresses begin with it.</summary>
    Uri Web { get; }

    /// <summary>Every repository the bot may work on: the installation's and the configured ones, without doubles.</summary>
    Task<IReadOnlyList<KnownRepository>> Repositories(CancellationToken cancellation);

    /// <exception cref="ForgeException"/>
    Task<string> DefaultBranch(RepositoryName repository, CancellationToken cancellation);

    /// <summary>A file of the default branch, never of anybody's pull request; null when there is no such file.</summary>
    /// <param name="path">Below the repository's root, without a leading slash.</param>
    /// <exception cref="ForgeException">Also when it is larger than <see cref="ForgeFile.MostBytes"/>.</exception>
    Task<ForgeFile?> ReadFile(RepositoryName repository, string path, CancellationToken cancellation);

    /// <summary>The open pull request of a branch of this repository; null when there is none.</summary>
    /// <exception cref="ForgeException"/>
    Task<PullRequest?> FindPullRequest(RepositoryName repository, string branch, CancellationToken cancellation);

    /// <summary>Opens a draft pull request. When one for the branch exists already, returns that.</summary>
    /// <exception cref="ForgeException"/>
    Task<PullRequest> OpenPullRequest(RepositoryName repository, NewPullRequest request, CancellationToken cancellation);

    /// <summary>True when a commit is an ancestor of another, or the same. False also where the forge does not know one of them.</summary>
    /// <exception cref="ForgeException"/>
    Task<bool> IsAncestor(RepositoryName repository, string ancestor, string commit, CancellationToken cancellation);

    /// <summary>Who the bot's commits are signed off by.</summary>
    Task<Person> Self(CancellationToken cancellation);

    /// <summary>Base of the git remote and the header that authorises it. Held by the gateway only.</summary>
    /// <exception cref="ForgeException"/>
    Task<GitAccess> Access(RepositoryName repository, GitRight right, CancellationToken cancellation);
}

/// <summary>What git is to be allowed; a credential is good for no more.</summary>
public enum GitRight
{
    Read,
    Write,
}

/// <summary>A repository the classifier can choose.</summary>
public sealed record KnownRepository
{
    public required RepositoryName Name { get; init; }

    public string Description { get; init; } = "";

    /// <summary>Other names people call it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Ids or names (without #) of channels whose messages are about it.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>Others that its sessions may fetch from.</summary>
    public IReadOnlyList<RepositoryName> Reads { get; init; } = [];

    /// <summary>Null asks the forge.</summary>
    public string? DefaultBranch { get; init; }
}

/// <param name="Commit">The commit it was read from.</param>
public sealed record ForgeFile(string Text, string Commit)
{
    public const int MostBytes = 512 * 1024;
}

/// <param name="Conversation">Where people talk about it, on the surface that belongs to the forge; null when there is none.</param>
public sealed record PullRequest(int Number, Uri Url, ConversationKey? Conversation = null);

public sealed record NewPullRequest(string Branch, string Base, string Title, string Body);

/// <param name="Remote">The clone URL, without credentials.</param>
/// <param name="Authorization">Value of the Authorization header; secret. Null for an anonymous remote.</param>
public sealed record GitAccess(Uri Remote, string? Authorization)
{
    /// <summary>What kind of credential it is, for the audit log: "GitHub App installation". Null for none.</summary>
    public string? Credential { get; init; }
}

/// <summary>The forge refused or did not answer. The message may be shown to people.</summary>
public sealed class ForgeException(string message, bool transient, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when the same call may succeed later.</summary>
    public bool Transient { get; } = transient;

    /// <summary>How long the forge asks to be left alone; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
