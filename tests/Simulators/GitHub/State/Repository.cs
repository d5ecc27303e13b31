using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Bots.Simulators.GitHub.State;

/// <summary>A repository: what GitHub knows about it. Its commits are in the bare repository at <see cref="Path"/>.</summary>
public sealed class Repository
{
    public required long Id { get; init; }

    public required Account Owner { get; init; }

    public required string Name { get; init; }

    public required string Path { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public string? Description { get; init; }

    public bool Private { get; init; }

    public string DefaultBranch { get; init; } = "main";

    /// <summary>What this is a fork of.</summary>
    public Repository? Parent { get; init; }

    public string FullName => $"{Owner.Login}/{Name}";

    public DateTimeOffset PushedAt { get; internal set; }

    /// <summary>Issues and pull requests by number.</summary>
    public ImmutableSortedDictionary<int, Issue> Issues { get; internal set; } = ImmutableSortedDictionary<int, Issue>.Empty;

    public ImmutableList<CheckRun> CheckRuns { get; internal set; } = [];

    /// <summary>Held while refs are changed, so that what a push changed can be told.</summary>
    internal SemaphoreSlim RefLock { get; } = new(1, 1);

    internal ConcurrentDictionary<string, Role> Roles { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The role of a user: given, the owner's, or what anybody has on a public repository.</summary>
    public Role RoleOf(Account user)
    {
        if (string.Equals(user.Login, Owner.Login, StringComparison.OrdinalIgnoreCase)) return Role.Admin;
        if (Roles.TryGetValue(user.Login, out var role)) return role;
        return Private ? Role.None : Role.Read;
    }
}

/// <summary>Access to a repository, in rising order.</summary>
public enum Role
{
    None,
    Read,
    Triage,
    Write,
    Maintain,
    Admin,
}
