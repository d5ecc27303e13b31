using Bots.Simulators.GitHub.State;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>Who may do what to a repository. Pure.</summary>
internal static class Access
{
    /// <summary>Whether the repository exists as far as the caller can tell.</summary>
    public static bool Sees(Caller caller, Repository repository) => caller switch
    {
        _ when !repository.Private => true,
        Caller.Installed installed => Reaches(installed, repository),
        Caller.Person person => repository.RoleOf(person.Account) > Role.None,
        _ => false,
    };

    /// <summary>Whether the caller holds a permission (<c>contents</c>, <c>issues</c>, …) at a level (<c>read</c>, <c>write</c>).</summary>
    public static bool Allows(Caller caller, Repository repository, string permission, string level) => caller switch
    {
        _ when level == "read" && !repository.Private => true,
        Caller.Installed installed => Reaches(installed, repository) && Grants(installed.Token.Permissions, permission, level),
        Caller.Person person => repository.RoleOf(person.Account) >= Needed(permission, level),
        _ => false,
    };

    public static bool Grants(IReadOnlyDictionary<string, string> granted, string permission, string level) =>
        permission == "metadata" || (granted.TryGetValue(permission, out var held) && Rank(held) >= Rank(level));

    public static int Rank(string level) => level switch { "read" => 1, "write" => 2, "admin" => 3, _ => 0 };

    private static bool Reaches(Caller.Installed caller, Repository repository) =>
        caller.Installation.Covers(repository) && caller.Token.RepositoryIds?.Contains(repository.Id) != false;

    /// <summary>Anybody who reads may discuss; only who writes may push.</summary>
    private static Role Needed(string permission, string level) =>
        level == "read" || permission is "issues" or "pull_requests" ? Role.Read : Role.Write;
}
