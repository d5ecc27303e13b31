using Bots.Engine;

namespace Bots.GitHub;

/// <summary>People as GitHub knows them.</summary>
public static class GitHubPeople
{
    public static Person From(GitHubUser user) => new(GitHubSurface.SurfaceName, user.Login, user.Login, Email(user.Id, user.Login));

    /// <summary>The address GitHub connects commits with, that tells nobody the real one.</summary>
    public static string Email(long id, string login) =>
        id > 0 ? $"{id}+{login}@users.noreply.github.com" : $"{login}@users.noreply.github.com";

    /// <summary>How a person stands in a comment: by login when they are from here, by name without a ping otherwise.</summary>
    public static string Show(Person person) =>
        person.Surface == GitHubSurface.SurfaceName && person.Id.Length > 0 && person.Id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? $"@{person.Id}"
            : GitHubText.Inline(person.Name, 80);
}
