using System.Text.Json;
using Bots.Engine;
using Bots.Engine.Intake;
using Bots.Engine.Surfaces;

namespace Bots.GitHub;

/// <summary>Understands comments on pull requests, and the checkboxes people click in our own.</summary>
public sealed class GitHubReader(GitHubClient client, GitHubIdentity identity) : IDeliveryReader
{
    /// <summary>The one event we take.</summary>
    public const string Event = "issue_comment";

    private readonly GitHubRefusals _refusals = new();

    public string Surface => GitHubSurface.SurfaceName;

    public string? PassOver(Delivery delivery) =>
        Unreadable(delivery, out var happened, out _) ?? (identity.Fresh is { } self ? Unmeant(happened, Understand(happened, self)) : null);

    public async Task<IReadOnlyList<Inbound>> Read(Delivery delivery, CancellationToken cancellation)
    {
        if (Unreadable(delivery, out var happened, out var repository) is { } unreadable) return Ignored(unreadable);
        // Outside the try: a bot that cannot learn its own name cannot tell its own comments from a request, and would answer itself for ever.
        var self = await Self(cancellation);
        var ask = Understand(happened, self);
        if (Unmeant(happened, ask) is { } unmeant) return Ignored(unmeant);
        try
        {
            return await Answer(delivery, happened, ask, self, new GitHubPlace(repository, happened.Issue.Number), cancellation);
        }
        catch (GitHubException e)
        {
            if (e.ToSurface() is { IsFinal: false } passing) throw passing;
            return [new Inbound.Reply(new GitHubPlace(repository, happened.Issue.Number).Key, $"I could not look at this pull request: {e.Message}", null)];
        }
    }

    private static string? Unreadable(Delivery delivery, out GitHubCommentEvent happened, out RepositoryName repository)
    {
        (happened, repository) = (null!, null!);
        if (delivery.Kind != Event) return $"{delivery.Kind} is not an event we take";
        try
        {
            happened = JsonSerializer.Deserialize(delivery.Body, GitHubJson.Default.GitHubCommentEvent) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            return $"not a readable comment event: {e.Message}";
        }

        if (!RepositoryName.TryParse(happened.Repository.FullName, out var name)) return "a repository name nobody can read";
        repository = name;
        return null;
    }

    private static string? Unmeant(GitHubCommentEvent happened, GitHubAsk ask) => ask switch
    {
        GitHubAsk.Nothing nothing => nothing.Why,
        not GitHubAsk.Prompt when happened.Issue.PullRequest is null => "a command on an issue, which may be another bot's",
        _ => null,
    };

    private async Task<GitHubSelf> Self(CancellationToken cancellation)
    {
        try
        {
            return await identity.Get(cancellation);
        }
        catch (GitHubException e)
        {
            throw e.ToSurface();
        }
    }

    public ConversationKey? Awaited(Delivery delivery)
    {
        try
        {
            return delivery.Kind == Event && identity.Known is { } self
                && JsonSerializer.Deserialize(delivery.Body, GitHubJson.Default.GitHubCommentEvent) is { Issue.PullRequest: not null } happened
                && RepositoryName.TryParse(happened.Repository.FullName, out var repository)
                && Understand(happened, self) is not GitHubAsk.Nothing
                    ? new GitHubPlace(repository, happened.Issue.Number).Key
                    : null;
        }
        catch (JsonException)
        {
            // What cannot be read was passed over, and nobody waits for it.
            return null;
        }
    }

    public ConversationKey? Place(Delivery delivery)
    {
        try
        {
            return delivery.Kind == Event
                && JsonSerializer.Deserialize(delivery.Body, GitHubJson.Default.GitHubCommentEvent) is { Action: "created" } happened
                && RepositoryName.TryParse(happened.Repository.FullName, out var repository)
                    ? new GitHubPlace(repository, happened.Issue.Number).Key
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<Inbound>> Answer(
        Delivery delivery, GitHubCommentEvent happened, GitHubAsk ask, GitHubSelf self, GitHubPlace place, CancellationToken cancellation)
    {
        if (await client.Permission(place.Repository, happened.Sender.Login, cancellation) is not ("admin" or "write"))
        {
            return _refusals.IsFirst(place.Key, happened.Sender.Login, delivery.Id)
                ? Reply(place, $"Sorry {happened.Sender.Login}, only people who may write to this repository can ask me to work here.")
                : Ignored($"{happened.Sender.Login} has no write permission and was told so");
        }

        if (happened.Issue.PullRequest is null) return Reply(place, "I work on pull requests only. Ask me there, or in Slack.");
        var by = GitHubPeople.From(happened.Sender);
        return ask switch
        {
            GitHubAsk.Stop => [new Inbound.StopRequest(place.Key, null, by)],
            GitHubAsk.Unclear unclear => Reply(place, unclear.Hint),
            GitHubAsk.Answer answer => [.. answer.Decisions.Select(d => Decided(place, by, d))],
            GitHubAsk.Prompt { Text: "" } => Reply(place, Help(self.Names[0])),
            GitHubAsk.Prompt prompt => [await Request(place, by, prompt.Text, happened, self, cancellation)],
            _ => throw new InvalidOperationException($"Nobody answers {ask}."),
        };
    }

    /// <summary>What is asked, before anybody looked whether the sender may. Pure.</summary>
    public static GitHubAsk Understand(GitHubCommentEvent happened, GitHubSelf self)
    {
        if (happened.Sender.Type == "Bot" || self.Is(happened.Sender)) return new GitHubAsk.Nothing("a bot did it");
        return happened.Action switch
        {
            "created" when self.Wrote(happened.Comment) => new GitHubAsk.Nothing("our own comment"),
            "created" => GitHubCommands.Read(happened.Comment.Body ?? "", self.Names),
            "edited" when self.Wrote(happened.Comment) => Clicks(happened),
            "edited" => new GitHubAsk.Nothing("somebody edited a comment that is not ours"),
            _ => new GitHubAsk.Nothing($"{happened.Action} is not an action we take"),
        };
    }

    private static GitHubAsk Clicks(GitHubCommentEvent happened)
    {
        var clicked = GitHubMarkers.Clicked(happened.Changes?.Body?.From ?? "", happened.Comment.Body ?? "");
        return clicked.Count == 0
            ? new GitHubAsk.Nothing("no checkbox was checked")
            : new GitHubAsk.Answer([.. clicked.Select(c => new GitHubAnswerTo(c.Permission, c.Decision))]);
    }

    private async Task<Inbound> Request(GitHubPlace place, Person by, string text, GitHubCommentEvent happened, GitHubSelf self, CancellationToken cancellation)
    {
        var pull = await client.PullRequest(place.Repository, place.Number, cancellation);
        if (pull.State != "open") return Reply(place, "This pull request is closed. Reopen it, or ask me on an open one.")[0];
        return new Inbound.PromptRequest
        {
            Conversation = place.Key,
            Author = by,
            Text = text,
            Message = happened.Comment.Id.ToString(),
            Material = GitHubMaterial.Of(pull, await LastComments(place, happened.Issue.Comments, cancellation), happened.Comment, self),
            Target = GitHubMaterial.Target(place.Repository, pull),
        };
    }

    /// <summary>The last page, and the one before it where the last is a short one.</summary>
    private async Task<IEnumerable<GitHubComment>> LastComments(GitHubPlace place, int count, CancellationToken cancellation)
    {
        var last = Math.Max(1, (count + GitHubClient.PageSize - 1) / GitHubClient.PageSize);
        var comments = await client.Comments(place.Repository, place.Number, last, cancellation);
        if (last == 1 || comments.Count > 2 * GitHubMaterial.MostComments) return comments;
        return [.. await client.Comments(place.Repository, place.Number, last - 1, cancellation), .. comments];
    }

    private static Inbound.PermissionAnswer Decided(GitHubPlace place, Person by, GitHubAnswerTo answer) =>
        new() { Conversation = place.Key, By = by, Permission = answer.Permission, Decision = answer.Decision, Reason = answer.Reason };

    private static string Help(string name) =>
        $"Tell me what to do, for example `@{name} fix the failing test`. `/stop` stops me; `/approve` and `/deny` answer my questions.";

    private static IReadOnlyList<Inbound> Reply(GitHubPlace place, string text) => [new Inbound.Reply(place.Key, text, null)];

    private static IReadOnlyList<Inbound> Ignored(string why) => [new Inbound.Ignored(why)];
}
