using Bots.Engine.Intake;
using Bots.Engine.Surfaces;
using Bots.Slack.Wire;

namespace Bots.Slack;

/// <summary>Reads what others wrote in a thread before the bot was called into it.</summary>
internal sealed class SlackThreadReader(SlackClient client, SlackDirectory directory)
{
    private const int MostMessages = 50;
    private const int MostPages = 10;

    /// <summary>The last messages before <paramref name="ts"/>, oldest first, without the bot's own.</summary>
    public async Task<IReadOnlyList<Material>> Before(SlackPlace place, string ts, CancellationToken cancellation)
    {
        var self = await directory.Self(cancellation);
        var material = new List<Material>();
        foreach (var message in (await Messages(place, cancellation)).Where(m => IsMaterial(m, self, ts)).TakeLast(MostMessages))
            material.Add(await Quote(message, self, cancellation));
        return material;
    }

    private async Task<List<SlackThreadMessage>> Messages(SlackPlace place, CancellationToken cancellation)
    {
        var messages = new List<SlackThreadMessage>();
        try
        {
            string? cursor = null;
            for (var page = 0; page == 0 || (cursor is not null && page < MostPages); page++)
            {
                var answer = await client.Replies(place.Channel, place.Thread, cursor, cancellation);
                messages.AddRange(answer.Messages ?? []);
                cursor = answer.NextCursor;
            }
        }
        catch (SurfaceException refused) when (refused.IsFinal)
        {
            return messages;
        }

        return messages;
    }

    private static bool IsMaterial(SlackThreadMessage message, SlackIdentity self, string ts) =>
        string.CompareOrdinal(message.Ts, ts) < 0
        && message.Subtype is null or "bot_message" or "file_share" or "me_message" or "thread_broadcast"
        && message.User != self.User
        && (message.BotId is null || message.BotId != self.Bot)
        && !string.IsNullOrWhiteSpace(message.Text);

    private async Task<Material> Quote(SlackThreadMessage message, SlackIdentity self, CancellationToken cancellation)
    {
        var author = message is { BotId: null, User: { } user } ? (await directory.Person(user, cancellation)).Name : message.BotProfile?.Name ?? message.Username ?? "a bot";
        return new Material(author, "earlier message in the thread", SlackText.Plain(message.Text!, self.User, new Dictionary<string, string>()));
    }
}
