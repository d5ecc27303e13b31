using Bots.Simulators.GitHub.Operations;
using Bots.Simulators.GitHub.State;

namespace Bots.Simulators.GitHub;

/// <content>What people do on the pages. Each act sends the webhooks the original would send.</content>
public sealed partial class GitHubSimulator
{
    /// <summary>Opens a pull request from a branch of the repository, or of a fork of it (<c>owner/name</c>).</summary>
    public async Task<Issue> OpenPullRequest(
        string user, string repository, string title, string body, string headBranch, string @base = "main", string? fork = null, bool draft = false)
    {
        var target = Repository(repository);
        var head = fork is null ? target : Repository(fork);
        return await _pulls.Open(Reader(user, target), target, new PullDraft(title, body, head, headBranch, @base, draft, MaintainerCanModify: true));
    }

    public Issue OpenIssue(string user, string repository, string title, string body) =>
        _discussion.Open(Reader(user, Repository(repository)), Repository(repository), title, body);

    /// <summary>Comments on an issue or pull request.</summary>
    public Comment Comment(string user, string repository, int number, string body)
    {
        var target = Repository(repository);
        return _discussion.Comment(Reader(user, target), target, Issue(repository, number).Number, body);
    }

    /// <summary>Edits a comment, one's own or, as a writer, anybody's.</summary>
    public Comment EditComment(string user, string repository, long commentId, string body)
    {
        var target = Repository(repository);
        var comment = Find(target, commentId);
        return _discussion.Edit(Editor(user, target, comment.Author), target, comment, body);
    }

    public void DeleteComment(string user, string repository, long commentId)
    {
        var target = Repository(repository);
        var comment = Find(target, commentId);
        _discussion.Delete(Editor(user, target, comment.Author), target, World.FindComment(target, commentId)!.Value.Issue, comment);
    }

    /// <summary>Clicks a task item of a comment, by its index over the whole comment.</summary>
    public Comment TickCheckbox(string user, string repository, long commentId, int index)
    {
        var items = TaskList.Find(Find(Repository(repository), commentId).Body);
        return Tick(user, repository, commentId, items.ElementAtOrDefault(index), $"no task item {index}");
    }

    /// <summary>Clicks the task item of a comment whose label is, or else contains, this text.</summary>
    public Comment TickCheckbox(string user, string repository, long commentId, string label)
    {
        var items = TaskList.Find(Find(Repository(repository), commentId).Body);
        var item = items.FirstOrDefault(i => i.Label == label) ?? items.FirstOrDefault(i => i.Label.Contains(label, StringComparison.OrdinalIgnoreCase));
        return Tick(user, repository, commentId, item, $"no task item '{label}'");
    }

    /// <summary>Adds a reaction to a comment, or, with a null comment, to the issue or pull request itself.</summary>
    public Reaction React(string user, string repository, int number, long? commentId, string content)
    {
        var target = Repository(repository);
        var comment = commentId is { } id ? Find(target, id) : null;
        return _discussion.React(Reader(user, target), target, Issue(repository, number), comment, content).Reaction;
    }

    public Task<Issue> ClosePullRequest(string user, string repository, int number) => ChangeState(user, repository, number, "closed");

    public Task<Issue> ReopenPullRequest(string user, string repository, int number) => ChangeState(user, repository, number, "open");

    /// <summary>Merges with a merge commit.</summary>
    public Task<Issue> MergePullRequest(string user, string repository, int number) =>
        _pulls.Merge(Writer(user, Repository(repository)), Repository(repository), Issue(repository, number));

    /// <summary>Clicks a button of a completed check run.</summary>
    public void ClickCheckAction(string user, string repository, long checkRunId, string identifier) =>
        _checks.Click(new Actor(User(user)), Repository(repository), checkRunId, identifier);

    private Task<Issue> ChangeState(string user, string repository, int number, string state) =>
        _pulls.Change(
            Editor(user, Repository(repository), Issue(repository, number).Author), Repository(repository), Issue(repository, number), null, null, null, state);

    private Comment Tick(string user, string repository, long commentId, TaskItem? item, string missing)
    {
        if (item is null) throw new InvalidOperationException($"Comment {commentId} has {missing}.");
        var target = Repository(repository);
        var comment = Find(target, commentId);
        return _discussion.Edit(Editor(user, target, comment.Author), target, comment, TaskList.Toggle(comment.Body, item));
    }

    private Actor Reader(string user, Repository repository) => With(Role.Read, user, repository);

    private Actor Writer(string user, Repository repository) => With(Role.Write, user, repository);

    /// <summary>Who may change what an author wrote: the author, and writers.</summary>
    private Actor Editor(string user, Repository repository, Account author) =>
        string.Equals(author.Login, user, StringComparison.OrdinalIgnoreCase) ? Reader(user, repository) : Writer(user, repository);

    private Actor With(Role role, string user, Repository repository)
    {
        var account = User(user);
        return repository.RoleOf(account) >= role
            ? new Actor(account)
            : throw new InvalidOperationException($"{user} needs the role {role} in {repository.FullName} and has {repository.RoleOf(account)}.");
    }

    private static Comment Find(Repository repository, long id) =>
        World.FindComment(repository, id)?.Comment ?? throw new InvalidOperationException($"{repository.FullName} has no comment {id}.");
}
