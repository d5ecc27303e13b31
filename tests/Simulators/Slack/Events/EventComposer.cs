using System.Text.Json.Nodes;
using Bots.Simulators.Slack.Api;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Events;

/// <summary>The events the app gets to hear of what happened. Pure, but for the ids.</summary>
internal static class EventComposer
{
    /// <summary>A mention in a channel comes twice, under two event ids.</summary>
    public static IReadOnlyList<SlackEvent> Posted(SlackMessage message, SlackChannel channel, SlackWorkspace workspace)
    {
        if (!Hears(message, channel, workspace))
            return [];
        var events = new List<SlackEvent>();
        if (message.BotId is null && channel.Kind is not SlackChannelKind.Direct && message.Text.Contains($"<@{workspace.Bot.Id}>", StringComparison.Ordinal))
        {
            var mention = Inner(message, workspace);
            mention["type"] = "app_mention";
            events.Add(Envelope(mention, workspace));
        }

        var inner = Inner(message, workspace);
        inner["channel_type"] = ChannelType(channel);
        events.Add(Envelope(inner, workspace));
        return events;
    }

    public static IReadOnlyList<SlackEvent> Changed(SlackMessage after, SlackMessage before, SlackChannel channel, SlackWorkspace workspace)
    {
        if (!Hears(after, channel, workspace))
            return [];
        var inner = Hidden("message_changed", channel, workspace);
        inner["message"] = MessageJson.Of(after, workspace);
        inner["previous_message"] = MessageJson.Of(before, workspace);
        return [Envelope(inner, workspace)];
    }

    public static IReadOnlyList<SlackEvent> Deleted(SlackMessage message, SlackChannel channel, SlackWorkspace workspace)
    {
        if (!Hears(message, channel, workspace))
            return [];
        var inner = Hidden("message_deleted", channel, workspace);
        inner["deleted_ts"] = message.Ts;
        inner["previous_message"] = MessageJson.Of(message, workspace);
        return [Envelope(inner, workspace)];
    }

    public static SlackEvent Reaction(string type, string user, string name, SlackMessage message, SlackWorkspace workspace) => Envelope(new JsonObject
    {
        ["type"] = type,
        ["user"] = user,
        ["reaction"] = name,
        ["item_user"] = message.User,
        ["item"] = new JsonObject { ["type"] = "message", ["channel"] = message.Channel, ["ts"] = message.Ts },
        ["event_ts"] = workspace.Clock.NextTs(),
    }, workspace);

    public static SlackEvent Envelope(JsonObject inner, SlackWorkspace workspace)
    {
        var id = SlackIds.New("Ev");
        var body = new JsonObject
        {
            ["token"] = "legacy-verification-token",
            ["team_id"] = workspace.Options.TeamId,
            ["context_team_id"] = workspace.Options.TeamId,
            ["context_enterprise_id"] = null,
            ["api_app_id"] = workspace.Options.AppId,
            ["event"] = inner,
            ["type"] = "event_callback",
            ["event_id"] = id,
            ["event_time"] = workspace.Clock.Now.ToUnixTimeSeconds(),
            ["authorizations"] = new JsonArray(new JsonObject
            {
                ["enterprise_id"] = null,
                ["team_id"] = workspace.Options.TeamId,
                ["user_id"] = workspace.Bot.Id,
                ["is_bot"] = true,
                ["is_enterprise_install"] = false,
            }),
            ["is_ext_shared_channel"] = false,
            ["event_context"] = $"4-{SlackIds.Secret(40)}",
        };
        return new SlackEvent(id, inner["type"]!.GetValue<string>(), body.ToJsonString());
    }

    private static bool Hears(SlackMessage message, SlackChannel channel, SlackWorkspace workspace) =>
        channel.Members.Contains(workspace.Bot.Id) && (message.BotId is null || workspace.Options.EchoBotMessages);

    private static JsonObject Inner(SlackMessage message, SlackWorkspace workspace)
    {
        var inner = MessageJson.Of(message, workspace);
        inner["channel"] = message.Channel;
        inner["event_ts"] = message.Ts;
        return inner;
    }

    private static JsonObject Hidden(string subtype, SlackChannel channel, SlackWorkspace workspace)
    {
        var ts = workspace.Clock.NextTs();
        return new JsonObject
        {
            ["type"] = "message",
            ["subtype"] = subtype,
            ["hidden"] = true,
            ["channel"] = channel.Id,
            ["channel_type"] = ChannelType(channel),
            ["ts"] = ts,
            ["event_ts"] = ts,
        };
    }

    private static string ChannelType(SlackChannel channel) => channel.Kind switch
    {
        SlackChannelKind.Public => "channel",
        SlackChannelKind.Private => "group",
        SlackChannelKind.Direct => "im",
        _ => "mpim",
    };
}
