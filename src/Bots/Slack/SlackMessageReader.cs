using Bots.Engine;
using Bots.Engine.Intake;
using Bots.Slack.Wire;

namespace Bots.Slack;

/// <summary>
/// Turns messages into prompts. One mention reaches us as <c>app_mention</c> and as <c>message</c>, and only the first of them is stored;
/// so both are read alike, and the text alone says whether the bot is meant.
/// </summary>
internal sealed class SlackMessageReader(SlackDirectory directory, SlackAccess access, SlackThreadReader threads)
{
    private const int MostNames = 20;

    public async Task<Inbound> Read(string team, SlackEvent message, CancellationToken cancellation)
    {
        if (message is { Type: "assistant_thread_started", AssistantThread: { } thread }) return await Opened(team, thread, cancellation);
        if (message.Type is not ("app_mention" or "message")) return new Inbound.Ignored($"nothing is done about {message.Type}");
        if (message is not { Channel: { } channel, User: { } user, Ts: { } ts } || message.Subtype is not (null or "file_share" or "me_message" or "thread_broadcast"))
            return new Inbound.Ignored($"a message of subtype {message.Subtype}");
        var self = await directory.Self(cancellation);
        if (message.BotId is not null || user == self.User) return new Inbound.Ignored("a bot's message");

        var text = message.Text ?? "";
        var isReply = message.ThreadTs is { } root && root != ts;
        var addressed = IsAddressed(message, channel, self);
        if (!addressed && !isReply) return new Inbound.Ignored("the bot is not meant");

        var place = new SlackPlace(team, channel, message.ThreadTs ?? ts);
        var admission = await access.Admit(team, channel, user, cancellation);
        var author = SlackDirectory.PersonOf(user, admission.User);
        if (admission.Refusal is { } refusal)
            return addressed ? new Inbound.Reply(place.Key, refusal, author) : new Inbound.Ignored("somebody who may not ask, and did not");

        var words = await Plain(text, self, cancellation);
        if (words.Length == 0)
            return addressed ? new Inbound.Reply(place.Key, "What would you like done? Mention me together with your request.", author) : new Inbound.Ignored("a reply without words");

        var mentioned = addressed && isReply && SlackText.Mentions(text, self.User);
        return new Inbound.PromptRequest
        {
            Conversation = place.Key,
            Author = author,
            Text = words,
            Message = ts,
            Material = [.. mentioned ? await threads.Before(place, ts, cancellation) : [], .. Files(message, author.Name)],
            Channel = channel,
            ChannelName = addressed ? await directory.ChannelName(channel, cancellation) : null,
            MayStart = addressed,
        };
    }

    /// <summary>The thread in which somebody spoke to the bot, as far as the message alone tells; null when nobody did.</summary>
    /// <param name="self">Null while Slack has not told who the bot is.</param>
    public static ConversationKey? Addressed(string team, SlackEvent message, SlackIdentity? self) =>
        message is { Type: "app_mention" or "message", Channel: { } channel, User: not null, Ts: { } ts, BotId: null, Subtype: null or "file_share" or "me_message" or "thread_broadcast" }
        && message.User != self?.User && (message.Type == "app_mention" || IsAddressed(message, channel, self))
            ? new SlackPlace(team, channel, message.ThreadTs ?? ts).Key
            : null;

    /// <summary>Somebody opened the assistant beside a channel, and will type in a moment.</summary>
    private async Task<Inbound> Opened(string team, AssistantThread thread, CancellationToken cancellation)
    {
        if (thread is not { UserId: { } user, Context.ChannelId: { } channel }) return new Inbound.Ignored("an assistant's thread beside no channel");
        var admission = await access.Admit(team, channel, user, cancellation);
        return admission.Refusal is null ? new Inbound.Typing(channel) : new Inbound.Ignored("somebody who may not ask, and did not");
    }

    private static bool IsAddressed(SlackEvent message, string channel, SlackIdentity? self) =>
        message.ChannelType == "im" || channel.StartsWith('D') || (self is not null && SlackText.Mentions(message.Text ?? "", self.User));

    private async Task<string> Plain(string text, SlackIdentity self, CancellationToken cancellation)
    {
        var names = new Dictionary<string, string>();
        foreach (var user in SlackText.Unnamed(text).Where(u => u != self.User).Take(MostNames)) names[user] = (await directory.Person(user, cancellation)).Name;
        return SlackText.Plain(text, self.User, names);
    }

    private static IEnumerable<Material> Files(SlackEvent message, string author) =>
        (message.Files ?? []).Select(f => new Material(author, "attached file, its content is not passed on", $"{f.Name ?? f.Title ?? "unnamed"} ({f.Mimetype ?? "unknown type"})"));
}
