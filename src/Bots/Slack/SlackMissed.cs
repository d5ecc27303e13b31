using System.Globalization;
using System.Text.Json;
using Bots.Engine.Intake;
using Bots.Engine.Surfaces;
using Bots.Missed;
using Bots.Slack.Wire;

namespace Bots.Slack;

/// <summary>
/// Reads what people wrote while nobody listened, since Slack gives up after some minutes: mentions in the channels where the bot
/// works, and answers in the threads of sessions. Each goes into the inbox under the key its event would have had.
/// </summary>
internal sealed partial class SlackMissed(SlackClient client, SlackDirectory directory, SlackHaunts haunts, IInbox inbox, TimeProvider time, ILogger<SlackMissed> logger)
    : IMissedDeliveries
{
    public string Surface => SlackPlace.Surface;

    public async Task<int> TakeIn(DateTimeOffset since, CancellationToken cancellation)
    {
        var self = await directory.Self(cancellation);
        var oldest = string.Create(CultureInfo.InvariantCulture, $"{since.ToUnixTimeSeconds()}.000000");
        var pages = new SlackPages(time, logger, cancellation);
        var threads = haunts.Threads(since).ToHashSet();
        var found = 0;
        foreach (var (team, channel) in haunts.Channels(self.Team, since))
        {
            var mentions = await pages.All(cursor => client.History(channel, cursor, cancellation, oldest));
            foreach (var message in mentions.Where(m => IsMissed(m, self, oldest) && IsMention(m, channel, self)).Reverse())
            {
                if (await TakeIn(team, channel, message, cancellation)) found++;
                if (message.ReplyCount > 0) threads.Add(new SlackPlace(team, channel, message.Ts));
            }
        }

        foreach (var thread in threads)
        {
            var answers = await pages.All(cursor => client.Replies(thread.Channel, thread.Thread, cursor, cancellation, oldest));
            foreach (var message in answers.Where(m => IsMissed(m, self, oldest)))
                if (await TakeIn(thread.Team, thread.Channel, message, cancellation)) found++;
        }

        return found;
    }

    /// <summary>Whether its event would have been more than passed over. Pure.</summary>
    internal static bool IsMissed(SlackThreadMessage message, SlackIdentity self, string oldest) =>
        message is { User: { } user, BotId: null } && user != self.User && SlackEnvelope.IsWritten(message.Subtype) && string.CompareOrdinal(message.Ts, oldest) > 0;

    private static bool IsMention(SlackThreadMessage message, string channel, SlackIdentity self) =>
        channel.StartsWith('D') || SlackText.Mentions(message.Text ?? "", self.User);

    private async Task<bool> TakeIn(string team, string channel, SlackThreadMessage message, CancellationToken cancellation)
    {
        var happened = new SlackEvent
        {
            Type = "message", Subtype = message.Subtype, Channel = channel, User = message.User, Text = message.Text, Ts = message.Ts,
            ThreadTs = message.ThreadTs, Files = message.Files,
        };
        var happening = SlackEnvelope.Happening(team, channel, message.Ts);
        var isNew = await inbox.Append(new Delivery
        {
            Surface = Surface, Id = $"missed:{happening}", HappeningKey = happening, Kind = "event_callback", ReceivedAt = time.GetUtcNow(),
            Body = JsonSerializer.SerializeToUtf8Bytes(new EventCallback(team, happened), SlackJson.Wire.EventCallback),
        }, cancellation);
        if (isNew) LogTaken(logger, happening);
        return isNew;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Slack's message {Happening} had not been delivered; it is taken in now")]
    private static partial void LogTaken(ILogger logger, string happening);
}
