using System.Globalization;
using System.Net;
using Bots.Engine;
using Bots.Engine.Sessions;
using Bots.Engine.Surfaces;

namespace Bots.GitHub;

/// <summary>Shows sessions as comments of a pull request.</summary>
public sealed class GitHubSurface(GitHubClient client, GitHubLimits limits, GitHubIdentity identity, GitHubOptions options) : ISurface
{
    public const string SurfaceName = "github";

    private readonly GitHubRenderer _renderer = new(options.WebUrl);

    public string Name => SurfaceName;

    public TimeSpan EditInterval => options.EditInterval;

    public IReadOnlyList<SurfaceMessage> Render(SessionView session, ConversationKey conversation, DateTimeOffset now) => _renderer.Render(session, conversation, now);

    public SurfaceMessage Render(Notice notice) => GitHubRenderer.Render(notice);

    public TimeSpan Admit(ConversationKey conversation, SurfaceMessage message, bool isEdit, bool urgent) =>
        GitHubPlace.TryParse(conversation, out var place) ? limits.Admit(place.Repository, $"{conversation.Key} {message.Key}", urgent) : TimeSpan.Zero;

    public async Task<string> Post(ConversationKey conversation, SurfaceMessage message, CancellationToken cancellation)
    {
        var place = Place(conversation);
        var id = IsReaction(message)
            ? await Try(() => React(place, GitHubReactionContent.Parse(message.Content), cancellation))
            : await InPlace(() => client.Comment(place.Repository, place.Number, GitHubMarkers.WithKey(message.Content, message.Key), cancellation));
        return id.ToString(CultureInfo.InvariantCulture);
    }

    public async Task Edit(ConversationKey conversation, string remoteId, SurfaceMessage message, CancellationToken cancellation)
    {
        if (IsReaction(message) || !long.TryParse(remoteId, NumberStyles.None, CultureInfo.InvariantCulture, out var comment))
            throw new SurfaceException(SurfaceOutcome.Rejected, $"'{message.Key}' cannot be edited.");
        var repository = Place(conversation).Repository;
        await Try(async () =>
        {
            await client.EditComment(repository, comment, GitHubMarkers.WithKey(message.Content, message.Key), cancellation);
            return comment;
        });
    }

    public async Task<string?> Find(ConversationKey conversation, SurfaceMessage message, CancellationToken cancellation)
    {
        // GitHub answers a second reaction with the first one, so it can be sent again unseen.
        if (IsReaction(message)) return null;
        var place = Place(conversation);
        var marker = GitHubMarkers.Key(message.Key);
        var found = await InPlace(async () =>
        {
            var self = await identity.Get(cancellation);
            await foreach (var comment in client.Comments(place.Repository, place.Number, cancellation))
                if (self.Wrote(comment) && comment.Body?.TrimEnd().EndsWith(marker, StringComparison.Ordinal) == true) return comment.Id;
            return (long?)null;
        });
        return found?.ToString(CultureInfo.InvariantCulture);
    }

    public Task<ConversationKey> NewConversation(string place, CancellationToken cancellation) =>
        throw new SurfaceException(SurfaceOutcome.Rejected, "A conversation on GitHub is a pull request; it is opened by a push, not by a message.");

    public ConversationKey? Opened(ConversationKey conversation, string remoteId) => null;

    private Task<long> React(GitHubPlace place, GitHubReactionContent reaction, CancellationToken cancellation) =>
        client.React(place.Repository, reaction.Comment, reaction.Name, cancellation);

    private static bool IsReaction(SurfaceMessage message) => message.Key.StartsWith(GitHubReactionContent.KeyPrefix, StringComparison.Ordinal);

    private static GitHubPlace Place(ConversationKey conversation) =>
        GitHubPlace.TryParse(conversation, out var place) ? place : throw new SurfaceException(SurfaceOutcome.Rejected, $"'{conversation}' is no place on GitHub.");

    /// <summary>For what concerns the conversation as a whole: an issue that is not found was deleted, or the App was removed from it; a locked one takes no comments.</summary>
    private static async Task<T> InPlace<T>(Func<Task<T>> call)
    {
        try
        {
            return await Try(call);
        }
        catch (SurfaceException e) when (e.Outcome == SurfaceOutcome.Gone
            || (e is { Outcome: SurfaceOutcome.Rejected, InnerException: GitHubException { Status: HttpStatusCode.Forbidden } } && e.Message.Contains("locked", StringComparison.OrdinalIgnoreCase)))
        {
            throw new SurfaceException(SurfaceOutcome.PlaceGone, e.Message, inner: e);
        }
    }

    private static async Task<T> Try<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (GitHubException e)
        {
            throw e.ToSurface();
        }
    }
}
