using Bots.Engine;
using Bots.Engine.Sessions;
using Bots.Engine.Surfaces;
using Bots.Slack.Wire;
using Microsoft.Extensions.Options;

namespace Bots.Slack;

/// <summary>Shows sessions in Slack threads. A message's remote id is <c>channel/ts</c>.</summary>
internal sealed class SlackSurface(SlackClient client, SlackLimits limits, SlackDirectory directory, IOptions<SlackOptions> options) : ISurface
{
    private const int MostHistoryPages = 5;

    public string Name => SlackPlace.Surface;

    public TimeSpan EditInterval => options.Value.EditInterval;

    public IReadOnlyList<SurfaceMessage> Render(SessionView session, ConversationKey conversation, DateTimeOffset now) => SlackRenderer.Render(session, conversation, now);

    public SurfaceMessage Render(Notice notice) => SlackRenderer.Render(notice);

    /// <summary>Its text alone: what Slack takes offence at are blocks.</summary>
    public SurfaceMessage? Plain(SurfaceMessage message) =>
        SlackContent.Parse(message.Content) is SlackContent.Message { Blocks.Count: > 0 } rich ? message with { Content = (rich with { Blocks = [] }).ToJson() } : null;

    public TimeSpan Admit(ConversationKey conversation, SurfaceMessage message, bool isEdit, bool urgent)
    {
        var method = SlackContent.Parse(message.Content) switch
        {
            SlackContent.Reaction => "reactions.add",
            SlackContent.Ephemeral => "chat.postEphemeral",
            _ => isEdit ? "chat.update" : "chat.postMessage",
        };
        return limits.Admit(method, SlackPlace.Parse(conversation).Channel, $"{conversation.Key} {message.Key}", urgent);
    }

    public async Task<string> Post(ConversationKey conversation, SurfaceMessage message, CancellationToken cancellation)
    {
        var place = SlackPlace.Parse(conversation);
        var thread = place.IsOpen ? place.Thread : null;
        switch (SlackContent.Parse(message.Content))
        {
            case SlackContent.Reaction reaction:
                await client.AddReaction(new AddReactionRequest(place.Channel, reaction.Ts, reaction.Name), cancellation);
                return $"reaction:{reaction.Ts}:{reaction.Name}";
            case SlackContent.Ephemeral notice:
                var request = new PostEphemeralRequest { Channel = place.Channel, User = notice.User, ThreadTs = thread, Text = notice.Text };
                return $"ephemeral:{(await client.PostEphemeral(request, cancellation)).MessageTs}";
            case SlackContent.Message content:
                var post = new PostMessageRequest { Channel = place.Channel, ThreadTs = thread, Text = content.Text, Blocks = content.Blocks, Metadata = SlackMetadata.Of(message.Key) };
                var answer = await client.PostMessage(post, cancellation);
                return RemoteId(answer.Channel ?? place.Channel, answer.Ts ?? throw new SurfaceException(SurfaceOutcome.Unknown, "Slack's answer to chat.postMessage names no message."));
            case var other:
                throw new NotSupportedException($"A {other.GetType().Name} cannot be posted.");
        }
    }

    public async Task Edit(ConversationKey conversation, string remoteId, SurfaceMessage message, CancellationToken cancellation)
    {
        if (SlackContent.Parse(message.Content) is not SlackContent.Message content || remoteId.Split('/') is not [var channel, var ts]) return;
        await client.Update(new UpdateMessageRequest { Channel = channel, Ts = ts, Text = content.Text, Blocks = content.Blocks }, cancellation);
    }

    /// <summary>Messages carry their key as metadata. Reactions may be added again without harm, and private answers cannot be found.</summary>
    public async Task<string?> Find(ConversationKey conversation, SurfaceMessage message, CancellationToken cancellation)
    {
        if (SlackContent.Parse(message.Content) is not SlackContent.Message) return null;
        var place = SlackPlace.Parse(conversation);
        var self = await directory.Self(cancellation);
        string? cursor = null;
        for (var page = 0; page == 0 || (cursor is not null && (place.IsOpen || page < MostHistoryPages)); page++)
        {
            var answer = place.IsOpen ? await client.Replies(place.Channel, place.Thread, cursor, cancellation) : await client.History(place.Channel, cursor, cancellation);
            if (answer.Messages?.FirstOrDefault(m => (m.User == self.User || (self.Bot is not null && m.BotId == self.Bot)) && SlackMetadata.Marks(m.Metadata, message.Key)) is { } found)
                return RemoteId(place.Channel, found.Ts);
            cursor = answer.NextCursor;
        }

        return null;
    }

    /// <param name="place">A channel's id, a user's id for a direct message, or <c>#name</c>.</param>
    public async Task<ConversationKey> NewConversation(string place, CancellationToken cancellation)
    {
        var self = await directory.Self(cancellation);
        var channel = place.StartsWith('#') ? await directory.ChannelId(place[1..], cancellation) : place;
        return SlackPlace.Unopened(self.Team, channel).Key;
    }

    public ConversationKey? Opened(ConversationKey conversation, string remoteId) =>
        SlackPlace.TryParse(conversation, out var place) && !place.IsOpen && remoteId.Split('/') is [var channel, var ts] ? (place with { Channel = channel, Thread = ts }).Key : null;

    private static string RemoteId(string channel, string ts) => $"{channel}/{ts}";
}
