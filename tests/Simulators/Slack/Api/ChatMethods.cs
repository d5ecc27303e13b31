using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Api;

/// <summary>chat.*</summary>
internal static partial class ChatMethods
{
    private const int MaxEditedText = 4_000;

    public static JsonObject PostMessage(SlackCallContext call)
    {
        var channel = call.Open(byName: true);
        var content = MessageContent.Read(call.Args);
        var thread = Thread(call, channel);
        var message = call.Workspace.Post(channel.Id, call.Workspace.Bot.Id, content.Text ?? "", m => m with
        {
            BotId = call.Workspace.Options.BotId,
            ThreadTs = thread,
            IsBroadcast = thread is not null && call.Args.Flag("reply_broadcast"),
            Blocks = content.HasBlocks ? content.Blocks : null,
            Metadata = Kept(content.Metadata),
        });
        call.Events.Posted(message);
        return new JsonObject { ["channel"] = channel.Id, ["ts"] = message.Ts, ["message"] = MessageJson.Of(message, call.Workspace, withMetadata: true) };
    }

    public static JsonObject Update(SlackCallContext call)
    {
        var channel = call.Open();
        var ts = call.Args.Required("ts");
        var content = MessageContent.Read(call.Args, required: false);
        var before = Own(call, channel, ts, "cant_update_message");
        if (content.Text is { Length: > MaxEditedText })
            throw new SlackRefusal("msg_too_long");
        if (string.IsNullOrWhiteSpace(content.Text) && !content.HasBlocks)
            throw new SlackRefusal("no_text");

        var after = call.Workspace.Edit(channel.Id, ts, m => m with
        {
            Text = content.Text ?? "",
            Blocks = content.Blocks is null ? m.Blocks : content.HasBlocks ? content.Blocks : null,
            Metadata = content.Metadata is null ? m.Metadata : Kept(content.Metadata),
        });
        call.Events.Changed(after, before);
        return new JsonObject { ["channel"] = channel.Id, ["ts"] = ts, ["text"] = after.Text, ["message"] = MessageJson.Of(after, call.Workspace, withMetadata: true) };
    }

    public static JsonObject Delete(SlackCallContext call)
    {
        var channel = call.Open();
        var ts = call.Args.Required("ts");
        Own(call, channel, ts, "cant_delete_message");
        call.Events.Deleted(call.Workspace.Change(channel.Id, ts, m => m with { IsDeleted = true }));
        return new JsonObject { ["channel"] = channel.Id, ["ts"] = ts };
    }

    public static JsonObject PostEphemeral(SlackCallContext call)
    {
        var channel = call.Open();
        var user = call.Args.Required("user");
        if (call.Workspace.User(user) is null)
            throw new SlackRefusal("user_not_found");
        if (!channel.Members.Contains(user))
            throw new SlackRefusal("user_not_in_channel");
        var content = MessageContent.Read(call.Args);
        var whispered = call.Workspace.Whisper(channel.Id, user, Thread(call, channel), content.Text ?? "", content.HasBlocks ? content.Blocks : null);
        return new JsonObject { ["message_ts"] = whispered.Ts };
    }

    public static JsonObject GetPermalink(SlackCallContext call)
    {
        var channel = call.Channel();
        var message = Find(call, channel, call.Args.Required("message_ts"));
        var link = $"https://{call.Workspace.Options.TeamDomain}.slack.com/archives/{channel.Id}/p{message.Ts.Replace(".", "")}";
        return new JsonObject { ["channel"] = channel.Id, ["permalink"] = message.IsReply ? $"{link}?thread_ts={message.ThreadTs}&cid={channel.Id}" : link };
    }

    public static SlackMessage Find(SlackCallContext call, SlackChannel channel, string ts) =>
        call.Workspace.Find(channel.Id, ts) is { IsDeleted: false } message ? message : throw new SlackRefusal("message_not_found");

    private static SlackMessage Own(SlackCallContext call, SlackChannel channel, string ts, string error)
    {
        var message = Find(call, channel, ts);
        return message.BotId == call.Workspace.Options.BotId ? message : throw new SlackRefusal(error);
    }

    private static string? Thread(SlackCallContext call, SlackChannel channel)
    {
        if (call.Args.Text("thread_ts") is not { Length: > 0 } ts)
            return null;
        if (!Timestamp().IsMatch(ts))
            throw new SlackRefusal("invalid_thread_ts");
        var parent = call.Workspace.Find(channel.Id, ts) ?? throw new SlackRefusal("thread_not_found");
        return parent.IsReply ? throw new SlackRefusal("cannot_reply_to_message") : ts;
    }

    private static JsonElement? Kept(JsonElement? metadata) => metadata is { } m && m.EnumerateObject().Any() ? m : null;

    [GeneratedRegex(@"^\d{10}\.\d{6}$")]
    private static partial Regex Timestamp();
}
