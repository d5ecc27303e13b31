namespace Bots.Simulators.GitHub.State;

/// <summary>The app installed on an account.</summary>
public sealed record Installation
{
    public required long Id { get; init; }

    public required Account Account { get; init; }

    public required IReadOnlyDictionary<string, string> Permissions { get; init; }

    public required IReadOnlyList<string> Events { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Names of the selected repositories; null for all.</summary>
    public IReadOnlyList<string>? Selected { get; init; }

    public DateTimeOffset? SuspendedAt { get; init; }

    public string Selection => Selected is null ? "all" : "selected";

    public bool Covers(Repository repository) =>
        repository.Owner.Id == Account.Id
        && (Selected is null || Selected.Contains(repository.Name, StringComparer.OrdinalIgnoreCase));
}

/// <summary>An installation access token.</summary>
/// <param name="RepositoryIds">Null for every repository of the installation.</param>
internal sealed record AccessToken(
    string Value,
    long InstallationId,
    IReadOnlyDictionary<string, string> Permissions,
    IReadOnlySet<long>? RepositoryIds,
    DateTimeOffset ExpiresAt);
