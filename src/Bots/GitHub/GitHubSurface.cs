using System.Globalization;
using Bots.Engine;
using Bots.Engine.Sessions;
using Bots.Engine.Surfaces;

namespace Bots.GitHub;

/// <summary>Shows sessions as comments of a pull request.</summary>
public sealed class GitHubSurface(GitHubClient client, GitHubIdentity identity, GitHubOptions options) : ISurface
{
    public const string SurfaceName = "github";

    private readonly GitHubRenderer _renderer = new(options.WebUrl);

    public string Name => SurfaceName;

    public TimeSpan EditInterval => options.EditInterval;

    public IReadOnlyList<SurfaceMessage> Render(SessionView session, ConversationKey conversation, DateTimeOffset now) => _renderer.Render(session, conversation, now);

    public SurfaceMessage Render(Notice notice) => GitHubRenderer.Render(notice);

    public async Task<string> Post(ConversationKey conversation, SurfaceMessage message, CancellationToken cancellation)
    {
        var place = Place(conversation);
        var id = await Try(() => IsReaction(message)
            ? React(place, GitHubReactionContent.Parse(message.Content), cancellation)
            : client.Comment(place.Repository, place.Number, GitHubMarkers.WithKey(message.Content, message.Key), cancellation));
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
        var found = await Try(async () =>
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
