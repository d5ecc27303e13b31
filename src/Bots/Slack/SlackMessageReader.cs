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
    private const string Assistant = "assistant_thread_started";

    public async Task<Inbound> Read(string team, SlackEvent message, CancellationToken cancellation)
    {
        if (message is { Type: Assistant, AssistantThread: { } thread }) return await Opened(team, thread, cancellation);
        if (PassOver(message, null) is { } unread) return new Inbound.Ignored(unread);
        var self = await directory.Self(cancellation);
        if (PassOver(message, self) is { } why) return new Inbound.Ignored(why);

        var (channel, user, ts, text) = (message.Channel!, message.User!, message.Ts!, message.Text ?? "");
        var addressed = IsAddressed(message, channel, self);
        var place = new SlackPlace(team, channel, message.ThreadTs ?? ts);
        var admission = await access.Admit(team, channel, user, cancellation);
        var author = SlackDirectory.PersonOf(user, admission.User);
        if (admission.Refusal is { } refusal)
            return addressed ? new Inbound.Reply(place.Key, refusal, author) : new Inbound.Ignored("somebody who may not ask, and did not");

        var words = await Plain(text, self, cancellation);
        if (words.Length == 0)
            return addressed ? new Inbound.Reply(place.Key, "What would you like done? Mention me together with your request.", author) : new Inbound.Ignored("a reply without words");

        var mentioned = addressed && IsReply(message) && SlackText.Mentions(text, self.User);
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

    /// <summary>Why a message is nothing to the bot, as far as it alone tells; null where it may be.</summary>
    /// <param name="self">Null while Slack has not told who the bot is.</param>
    public static string? PassOver(SlackEvent message, SlackIdentity? self) => message switch
    {
        { Type: Assistant, AssistantThread: not null } => null,
        { Type: not ("app_mention" or "message") } => $"nothing is done about {message.Type}",
        { Channel: null } or { User: null } or { Ts: null } or { Subtype: not (null or "file_share" or "me_message" or "thread_broadcast") } => $"a message of subtype {message.Subtype}",
        _ when self is null => null,
        _ when message.BotId is not null || message.User == self.User => "a bot's message",
        _ when !IsReply(message) && !IsAddressed(message, message.Channel, self) => "the bot is not meant",
        _ => null,
    };

    /// <summary>The thread in which somebody spoke, not to the bot, but perhaps with it; null when nobody did.</summary>
    public static ConversationKey? Continues(string team, SlackEvent message, SlackIdentity? self) =>
        self is not null && PassOver(message, self) is null && message is { Channel: { } channel, ThreadTs: { } thread } && !IsAddressed(message, channel, self)
            ? new SlackPlace(team, channel, thread).Key
            : null;

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

    private static bool IsReply(SlackEvent message) => message.ThreadTs is { } root && root != message.Ts;

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
