using Bots.Simulators.GitHub.Rest;
using Bots.Simulators.GitHub.State;
using Bots.Simulators.GitHub.Webhooks;

namespace Bots.Simulators.GitHub.Operations;

/// <summary>Where the app is installed, and its access tokens.</summary>
internal sealed class InstallationOperations(World world, Events events)
{
    private long _last = 50_000_000;

    public Installation Install(Account account, IReadOnlyList<string>? repositories)
    {
        var installation = new Installation
        {
            Id = Interlocked.Increment(ref _last),
            Account = account,
            Permissions = world.Options.Permissions,
            Events = world.Options.Events,
            CreatedAt = world.Now(),
            Selected = repositories,
        };
        world.Installations[installation.Id] = installation;
        events.Installation("created", installation, Repositories(installation));
        world.Changed.Raise();
        return installation;
    }

    public void Uninstall(Installation installation)
    {
        var repositories = Repositories(installation);
        world.Installations.TryRemove(installation.Id, out _);
        events.Installation("deleted", installation, repositories);
        world.Changed.Raise();
    }

    public Installation Suspend(Installation installation, bool suspended)
    {
        var changed = installation with { SuspendedAt = suspended ? world.Now() : null };
        world.Installations[installation.Id] = changed;
        events.Installation(suspended ? "suspend" : "unsuspend", changed, []);
        world.Changed.Raise();
        return changed;
    }

    /// <summary>Changes the selected repositories.</summary>
    public Installation Select(Installation installation, IReadOnlyList<string>? repositories)
    {
        var before = Repositories(installation);
        var changed = installation with { Selected = repositories };
        world.Installations[installation.Id] = changed;
        var after = Repositories(changed);
        var (added, removed) = (after.Except(before).ToList(), before.Except(after).ToList());
        if (added.Count > 0) events.InstallationRepositories(changed, added, []);
        if (removed.Count > 0) events.InstallationRepositories(changed, [], removed);
        world.Changed.Raise();
        return changed;
    }

    /// <summary>Tells of a repository that came into being under an installation.</summary>
    public void Created(Repository repository)
    {
        var installation = world.Installations.Values.FirstOrDefault(i => i.Account.Id == repository.Owner.Id);
        if (installation is { Selected: null }) events.InstallationRepositories(installation, [repository], []);
        else if (installation is null && world.Options.InstallAutomatically) Install(repository.Owner, null);
    }

    public IReadOnlyList<Repository> Repositories(Installation installation) => [.. world.Repositories.Where(installation.Covers)];

    /// <summary>A token for an hour, for the repositories and permissions asked for and no others.</summary>
    /// <returns>The token, and its repositories when only some were asked for.</returns>
    /// <exception cref="ApiException">403 or 422.</exception>
    public (AccessToken Token, IReadOnlyList<Repository>? Repositories) Issue(Installation installation, Input input)
    {
        if (installation.SuspendedAt is not null) throw new ApiException(403, "This installation has been suspended");
        var wanted = input.Object("permissions")?.Properties.ToDictionary(p => p.Key, p => p.Value?.GetValue<string>() ?? "");
        if (wanted?.Any(w => Access.Rank(w.Value) == 0 || !Access.Grants(installation.Permissions, w.Key, w.Value)) == true)
            throw new ApiException(422, "The permissions requested are not granted to this installation.");
        if (wanted is not null) wanted["metadata"] = "read";

        var chosen = Chosen(installation, input);
        var token = new AccessToken(
            Authentication.NewToken(world.Options.AppId),
            installation.Id,
            wanted ?? installation.Permissions,
            chosen?.Select(r => r.Id).ToHashSet(),
            world.Now().AddHours(1));
        world.Tokens[token.Value] = token;
        return (token, chosen ?? (installation.Selected is null ? null : Repositories(installation)));
    }

    private List<Repository>? Chosen(Installation installation, Input input)
    {
        var names = input.Array("repositories")?.Select(n => n!.GetValue<string>()).ToList();
        var ids = input.Array("repository_ids")?.Select(n => n!.GetValue<long>()).ToList();
        if (names is null && ids is null) return null;
        var covered = Repositories(installation);
        var chosen = covered.Where(r => names?.Contains(r.Name, StringComparer.OrdinalIgnoreCase) == true || ids?.Contains(r.Id) == true).ToList();
        var missing = names?.Exists(n => !covered.Any(r => r.Name.Equals(n, StringComparison.OrdinalIgnoreCase))) == true
            || ids?.Exists(i => !covered.Any(r => r.Id == i)) == true;
        return missing
            ? throw new ApiException(422, "There is at least one repository that does not exist or is not accessible to the parent installation.")
            : chosen;
    }
}
