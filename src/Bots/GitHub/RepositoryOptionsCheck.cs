using Bots.Configuration;
using Bots.Engine;

namespace Bots.GitHub;

/// <summary>Checks section <c>Repositories</c> at start.</summary>
public sealed class RepositoryOptionsCheck(IConfiguration configuration) : IConfigurationCheck
{
    public IEnumerable<ConfigurationProblem> Check()
    {
        IReadOnlyList<RepositoryOptions> repositories;
        try
        {
            repositories = RepositoryOptions.Read(configuration);
        }
        catch (InvalidOperationException e)
        {
            return [new(RepositoryOptions.Section, e.Message, "Write Repositories:0:Name, Repositories:0:Aliases:0 and so on.")];
        }

        return [.. repositories.SelectMany((r, n) => One($"{RepositoryOptions.Section}:{n}", r)), .. Doubles(repositories)];
    }

    private static IEnumerable<ConfigurationProblem> One(string key, RepositoryOptions repository)
    {
        if (!RepositoryName.TryParse(repository.Name, out _))
            yield return new($"{key}:Name", $"'{repository.Name}' is not a repository.", "Write owner/name.");
        foreach (var (name, index) in repository.Reads.Select((name, index) => (name, index)))
            if (!RepositoryName.TryParse(name, out _)) yield return new($"{key}:Reads:{index}", $"'{name}' is not a repository.", "Write owner/name.");
        if (repository.DefaultBranch is { Length: > 0 } branch && !IsBranch(branch))
            yield return new($"{key}:DefaultBranch", $"'{branch}' is not a branch name.", "Write it as in git, without refs/heads/, or leave it out.");
    }

    private static IEnumerable<ConfigurationProblem> Doubles(IReadOnlyList<RepositoryOptions> repositories) =>
        repositories.Select((r, n) => (Name: r.Name ?? "", Index: n))
            .GroupBy(r => r.Name, StringComparer.OrdinalIgnoreCase)
            .Where(g => g.Key.Length > 0 && g.Count() > 1)
            .Select(g => new ConfigurationProblem($"{RepositoryOptions.Section}:{g.Last().Index}:Name", $"'{g.Key}' is there {g.Count()} times.", "Keep one entry for each repository."));

    private static bool IsBranch(string branch) =>
        !branch.StartsWith("refs/", StringComparison.Ordinal) && !branch.StartsWith('-') && !branch.Contains("..", StringComparison.Ordinal)
        && branch.All(c => !char.IsControl(c) && c is not (' ' or '~' or '^' or ':' or '?' or '*' or '[' or '\\'));
}
