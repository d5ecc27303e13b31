using System.Collections.Immutable;
using Bots.Simulators.GitHub.Rest;
using Bots.Simulators.GitHub.State;
using Bots.Simulators.GitHub.Webhooks;

namespace Bots.Simulators.GitHub.Operations;

/// <summary>Issues, comments and reactions, whoever writes them.</summary>
internal sealed class Discussion(World world, Events events)
{
    /// <summary>Most characters of a comment, an issue or a pull request body.</summary>
    public const int MaxBody = 65_536;

    public Issue Open(Actor actor, Repository repository, string title, string? body)
    {
        var now = world.Now();
        var issue = world.AddIssue(repository, number => new Issue
        {
            Id = world.NewId(),
            Number = number,
            Author = actor.Account,
            Title = title,
            Body = body,
            CreatedAt = now,
            UpdatedAt = now,
            ViaApp = actor.ViaApp,
        });
        events.Issue("opened", actor, repository, issue);
        return issue;
    }

    /// <exception cref="ApiException">422: the body is blank or too long.</exception>
    public Comment Comment(Actor actor, Repository repository, int number, string body)
    {
        if (string.IsNullOrWhiteSpace(body)) throw ApiException.Invalid("IssueComment", "data", "unprocessable", "Body cannot be blank");
        if (body.Length > MaxBody)
            throw ApiException.Invalid("IssueComment", "data", "unprocessable", $"Body is too long (maximum is {MaxBody} characters)");
        var now = world.Now();
        var comment = new Comment
        {
            Id = world.NewId(), Author = actor.Account, Body = body, CreatedAt = now, UpdatedAt = now, ViaApp = actor.ViaApp,
        };
        var (_, issue) = world.Update(repository, number, i => i with { Comments = i.Comments.Add(comment), UpdatedAt = now });
        events.Comment("created", actor, repository, issue, comment);
        return comment;
    }

    /// <summary>Replaces a comment's body. The same body again changes nothing and sends nothing.</summary>
    /// <exception cref="ApiException">422: the body is blank or too long.</exception>
    public Comment Edit(Actor actor, Repository repository, Comment comment, string body)
    {
        if (string.IsNullOrWhiteSpace(body)) throw ApiException.Invalid("IssueComment", "body", "custom", "body cannot be blank");
        if (body.Length > MaxBody)
            throw ApiException.Invalid("IssueComment", "body", "custom", $"body is too long (maximum is {MaxBody} characters)");
        var (before, after, issue) = Change(repository, comment.Id, c => c.Body == body
            ? c
            : c with { Body = body, PreviousBodies = c.PreviousBodies.Add(c.Body), UpdatedAt = world.Now() });
        if (before.Body != body) events.Comment("edited", actor, repository, issue, after, before.Body);
        return after;
    }

    public void Delete(Actor actor, Repository repository, Issue issue, Comment comment)
    {
        var (_, after) = world.Update(repository, issue.Number, i => i with { Comments = i.Comments.RemoveAll(c => c.Id == comment.Id) });
        events.Comment("deleted", actor, repository, after, comment);
    }

    /// <summary>Adds a reaction to a comment, or to the issue itself when <paramref name="comment"/> is null.</summary>
    /// <returns>The reaction, and whether it is new.</returns>
    /// <exception cref="ApiException">422: no such content.</exception>
    public (Reaction Reaction, bool New) React(Actor actor, Repository repository, Issue issue, Comment? comment, string content)
    {
        if (!Reaction.Contents.Contains(content)) throw ApiException.Invalid("Reaction", "content", "invalid");
        var reaction = new Reaction(world.NewId(), content, actor.Account, world.Now());
        ImmutableList<Reaction> Add(ImmutableList<Reaction> present) => Find(present) is null ? present.Add(reaction) : present;
        Reaction? Find(ImmutableList<Reaction> present) => present.Find(r => r.Content == content && r.User.Id == actor.Account.Id);

        var reactions = comment is null
            ? world.Update(repository, issue.Number, i => i with { Reactions = Add(i.Reactions) }).After.Reactions
            : Change(repository, comment.Id, c => c with { Reactions = Add(c.Reactions) }).After.Reactions;
        var kept = Find(reactions)!;
        return (kept, kept.Id == reaction.Id);
    }

    public void Unreact(Repository repository, Issue issue, Comment? comment, long reaction)
    {
        if (comment is null) world.Update(repository, issue.Number, i => i with { Reactions = i.Reactions.RemoveAll(r => r.Id == reaction) });
        else Change(repository, comment.Id, c => c with { Reactions = c.Reactions.RemoveAll(r => r.Id == reaction) });
    }

    private (Comment Before, Comment After, Issue Issue) Change(Repository repository, long id, Func<Comment, Comment> change)
    {
        var number = World.FindComment(repository, id)?.Issue.Number ?? throw ApiException.NotFound();
        var (before, after) = world.Update(repository, number, issue =>
        {
            var index = issue.Comments.FindIndex(c => c.Id == id);
            if (index < 0) throw ApiException.NotFound();
            return issue with { Comments = issue.Comments.SetItem(index, change(issue.Comments[index])) };
        });
        return (before.Comments.Find(c => c.Id == id)!, after.Comments.Find(c => c.Id == id)!, after);
    }
}
