using Bots.Engine.Intake;
using Bots.Engine.Surfaces;
using Bots.Slack.Wire;

namespace Bots.Slack;

/// <summary>Reads what others wrote in a thread before the bot was called into it.</summary>
internal sealed class SlackThreadReader(SlackClient client, SlackDirectory directory)
{
    private const int MostMessages = 50;
    private const int MostPages = 10;

    /// <summary>Slack lets us look up few people at once, and other mentions wait meanwhile.</summary>
    private const int MostNames = 10;

    /// <summary>The last messages before <paramref name="ts"/>, oldest first, without the bot's own.</summary>
    public async Task<IReadOnlyList<Material>> Before(SlackPlace place, string ts, CancellationToken cancellation)
    {
        var self = await directory.Self(cancellation);
        var messages = (await Messages(place, cancellation)).Where(m => IsMaterial(m, self, ts)).TakeLast(MostMessages).ToList();
        var names = new Dictionary<string, string>();
        foreach (var user in messages.AsEnumerable().Reverse().Where(IsPersons).Select(m => m.User!).Distinct().Take(MostNames))
            names[user] = (await directory.Person(user, cancellation)).Name;
        return [.. messages.Select(m => Quote(m, self, names))];
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

    private static bool IsPersons(SlackThreadMessage message) => message is { BotId: null, User: not null };

    private static Material Quote(SlackThreadMessage message, SlackIdentity self, Dictionary<string, string> names)
    {
        var author = IsPersons(message) ? names.GetValueOrDefault(message.User!, "somebody else") : message.BotProfile?.Name ?? message.Username ?? "a bot";
        return new Material(author, "earlier message in the thread", SlackText.Plain(message.Text!, self.User, new Dictionary<string, string>()));
    }
}
