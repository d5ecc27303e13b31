using System.Globalization;
using System.Text.Json.Nodes;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Api;

/// <summary>Reading messages: conversations.history and conversations.replies.</summary>
internal static class HistoryMethods
{
    /// <summary>Newest first, without replies.</summary>
    public static JsonObject History(SlackCallContext call)
    {
        var channel = call.Joined();
        var messages = Window(call, call.Workspace.Messages(channel.Id).Where(m => !m.IsDeleted && (!m.IsReply || m.IsBroadcast))).Reverse().ToList();
        return Answer(call, Page.Of(call, messages, fallback: 100, max: 999));
    }

    /// <summary>The parent first, then its replies from old to new.</summary>
    public static JsonObject Replies(SlackCallContext call)
    {
        var channel = call.Joined();
        var parent = call.Workspace.Find(channel.Id, call.Args.Required("ts")) ?? throw new SlackRefusal("thread_not_found");
        if (parent.IsReply)
            return Answer(call, new Page<SlackMessage>([parent], ""));
        var replies = call.Workspace.Replies(channel.Id, parent.Ts);
        if (parent.IsDeleted && replies.Count == 0)
            throw new SlackRefusal("thread_not_found");
        return Answer(call, Page.Of(call, [parent, .. Window(call, replies)], fallback: 1000, max: 1000));
    }

    private static IEnumerable<SlackMessage> Window(SlackCallContext call, IEnumerable<SlackMessage> messages)
    {
        var inclusive = call.Args.Flag("inclusive");
        var oldest = Bound(call, "oldest") ?? 0;
        var latest = Bound(call, "latest") ?? decimal.MaxValue;
        return messages.Where(m => decimal.Parse(m.Ts, CultureInfo.InvariantCulture) is var ts
            && (inclusive ? ts >= oldest && ts <= latest : ts > oldest && ts < latest));
    }

    private static decimal? Bound(SlackCallContext call, string name) => call.Args.Text(name) switch
    {
        null or "" => null,
        var text when decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var bound) => bound,
        _ => throw new SlackRefusal($"invalid_ts_{name}"),
    };

    private static JsonObject Answer(SlackCallContext call, Page<SlackMessage> page) => new()
    {
        ["messages"] = new JsonArray([.. page.Items.Select(m => Shown(call, m))]),
        ["has_more"] = page.Next.Length > 0,
        ["response_metadata"] = new JsonObject { ["next_cursor"] = page.Next },
    };

    private static JsonObject Shown(SlackCallContext call, SlackMessage message)
    {
        var json = MessageJson.Of(message, call.Workspace, call.Args.Flag("include_all_metadata"));
        if (!message.IsDeleted)
            return json;
        json["subtype"] = "tombstone";
        json["text"] = "This message was deleted.";
        json.Remove("blocks");
        return json;
    }
}
