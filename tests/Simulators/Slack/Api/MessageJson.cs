using System.Text.Json;
using System.Text.Json.Nodes;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Api;

/// <summary>A message as the API and events show it.</summary>
internal static class MessageJson
{
    public static JsonObject Of(SlackMessage message, SlackWorkspace workspace, bool withMetadata = false)
    {
        var json = new JsonObject
        {
            ["type"] = "message",
            ["user"] = message.User,
            ["text"] = message.Text,
            ["ts"] = message.Ts,
            ["team"] = workspace.Options.TeamId,
        };
        if (message.IsBroadcast)
            json["subtype"] = "thread_broadcast";
        if (message.BotId is { } bot)
        {
            json["bot_id"] = bot;
            json["app_id"] = workspace.Options.AppId;
            json["bot_profile"] = new JsonObject { ["id"] = bot, ["app_id"] = workspace.Options.AppId, ["name"] = workspace.Bot.Name, ["team_id"] = workspace.Options.TeamId };
        }

        if (message.ClientMessageId is { } client)
            json["client_msg_id"] = client;
        if (message.Blocks is { } blocks)
            json["blocks"] = ToNode(blocks);
        if (message.Edits > 0)
            json["edited"] = new JsonObject { ["user"] = message.User, ["ts"] = $"{message.Revisions[^1].At.ToUnixTimeSeconds()}.000000" };
        if (withMetadata && message.Metadata is { } metadata)
            json["metadata"] = ToNode(metadata);
        AddReactions(json, message);
        AddThread(json, message, workspace);
        return json;
    }

    public static JsonNode? ToNode(JsonElement element) => JsonNode.Parse(element.GetRawText());

    private static void AddReactions(JsonObject json, SlackMessage message)
    {
        if (message.Reactions.Count > 0)
        {
            json["reactions"] = new JsonArray([.. message.Reactions.Select(r => new JsonObject
            {
                ["name"] = r.Name,
                ["users"] = new JsonArray([.. r.Users.Select(u => JsonValue.Create(u))]),
                ["count"] = r.Users.Count,
            })]);
        }
    }

    private static void AddThread(JsonObject json, SlackMessage message, SlackWorkspace workspace)
    {
        if (message.IsReply)
        {
            json["thread_ts"] = message.ThreadTs;
            json["parent_user_id"] = workspace.Find(message.Channel, message.ThreadTs!)?.User;
            return;
        }

        var replies = workspace.Replies(message.Channel, message.Ts);
        if (replies.Count == 0)
            return;
        json["thread_ts"] = message.Ts;
        json["reply_count"] = replies.Count;
        json["reply_users"] = new JsonArray([.. replies.Select(r => r.User).Distinct().Select(u => JsonValue.Create(u))]);
        json["latest_reply"] = replies[^1].Ts;
    }
}
