using Bots.Simulators.GitHub.Git;
using Bots.Simulators.GitHub.State;

namespace Bots.Simulators.GitHub;

/// <content>Accounts, repositories and commits.</content>
public sealed partial class GitHubSimulator
{
    /// <summary>A user; made if there is none of this name.</summary>
    public Account User(string login) => Account(login, AccountType.User);

    /// <summary>Makes a repository with one commit on <c>main</c>. An owner not known yet becomes an organisation.</summary>
    /// <param name="files">Contents by path. A content that begins with <c>#!</c> is made executable. Null leaves it without a commit.</param>
    public async Task<Repository> CreateRepository(
        string owner, string name, IReadOnlyDictionary<string, string>? files, bool isPrivate = false, string? description = null)
    {
        var account = Account(owner, AccountType.Organization);
        var repository = NewRepository(account, name, isPrivate, description, null);
        await BareRepository.Create(repository.Path, repository.DefaultBranch);
        if (files is null) return Added(repository);

        await BareRepository.Commit(
            repository.Path,
            repository.DefaultBranch,
            files.ToDictionary(f => f.Key, f => (string?)f.Value),
            "Initial commit",
            (account.Login, account.Email),
            _world.Now());
        return Added(repository);
    }

    /// <summary>Forks a repository to another account.</summary>
    public async Task<Repository> Fork(string repository, string owner)
    {
        var parent = Repository(repository);
        var account = Account(owner, AccountType.User);
        var fork = NewRepository(account, parent.Name, parent.Private, parent.Description, parent);
        await BareRepository.Clone(parent.Path, fork.Path, parent.DefaultBranch);
        return Added(fork);
    }

    /// <summary>Commits on a branch as a push of that user would; a branch not there yet begins at the default branch. Null as content deletes a file.</summary>
    /// <returns>The commit.</returns>
    public async Task<string> Commit(
        string repository, string branch, IReadOnlyDictionary<string, string?> files, string message, string author)
    {
        var target = Repository(repository);
        var user = User(author);
        await using var push = await _pushes.Begin(target, new Actor(user));
        var sha = await BareRepository.Commit(
            target.Path, branch, files, message, (user.Login, user.Email), _world.Now(), $"refs/heads/{target.DefaultBranch}");
        await push.Settle();
        return sha;
    }

    /// <summary>Deletes a branch, as that user.</summary>
    public async Task DeleteBranch(string repository, string branch, string user)
    {
        var target = Repository(repository);
        await using var push = await _pushes.Begin(target, new Actor(User(user)));
        await GitCommand.Run(target.Path, "update-ref", "-d", $"refs/heads/{branch}");
        await push.Settle();
    }

    /// <summary>Gives a user a role in a repository.</summary>
    public void SetPermission(string repository, string user, Role role)
    {
        Repository(repository).Roles[User(user).Login] = role;
        _world.Changed.Raise();
    }

    /// <summary>Installs the app for an owner, on some repositories (names without owner) or on all.</summary>
    public Installation Install(string owner, IReadOnlyList<string>? repositories = null) =>
        _installations.Install(Account(owner, AccountType.Organization), repositories);

    public void Uninstall(string owner) => _installations.Uninstall(Installation(owner));

    public void Suspend(string owner, bool suspended = true) => _installations.Suspend(Installation(owner), suspended);

    /// <summary>Changes which repositories an installation covers; null is all.</summary>
    public void Select(string owner, IReadOnlyList<string>? repositories) => _installations.Select(Installation(owner), repositories);

    private Account Account(string login, AccountType type) =>
        _world.Accounts.GetOrAdd(login, name => new Account(name, Interlocked.Increment(ref _lastAccountId), type));

    private Repository NewRepository(Account owner, string name, bool isPrivate, string? description, Repository? parent)
    {
        if (_world.Find(owner.Login, name) is not null) throw new InvalidOperationException($"{owner.Login}/{name} exists already.");
        return new Repository
        {
            Id = _world.NewId(),
            Owner = owner,
            Name = name,
            Path = Path.Combine(_data, owner.Login, name + ".git"),
            CreatedAt = _world.Now(),
            PushedAt = _world.Now(),
            Description = description,
            Private = isPrivate,
            Parent = parent,
        };
    }

    private Repository Added(Repository repository)
    {
        if (Options.Token is not null) repository.Roles[Options.TokenLogin] = Role.Write;
        _world.Add(repository);
        _installations.Created(repository);
        return repository;
    }
}
