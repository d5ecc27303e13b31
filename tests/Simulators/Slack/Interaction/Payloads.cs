using System.Text.Json;
using System.Text.Json.Nodes;
using Bots.Simulators.Slack.Api;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Interaction;

/// <summary>The JSON of interactions.</summary>
internal static class Payloads
{
    public static JsonObject Common(string type, SlackUser user, SlackWorkspace workspace, string trigger) => new()
    {
        ["type"] = type,
        ["user"] = new JsonObject { ["id"] = user.Id, ["username"] = user.Name, ["name"] = user.Name, ["team_id"] = workspace.Options.TeamId },
        ["api_app_id"] = workspace.Options.AppId,
        ["token"] = "legacy-verification-token",
        ["team"] = new JsonObject { ["id"] = workspace.Options.TeamId, ["domain"] = workspace.Options.TeamDomain },
        ["enterprise"] = null,
        ["is_enterprise_install"] = false,
        ["trigger_id"] = trigger,
    };

    /// <param name="chosen">The option of a select.</param>
    public static JsonObject Action(Element element, JsonElement? chosen, SlackWorkspace workspace)
    {
        var action = MessageJson.ToNode(element.Json)!.AsObject();
        foreach (var name in new[] { "options", "option_groups", "confirm", "initial_option", "accessibility_label" })
            action.Remove(name);
        action["block_id"] = element.BlockId;
        action["action_ts"] = workspace.Clock.NextTs();
        if (chosen is { } option)
            action["selected_option"] = MessageJson.ToNode(option);
        return action;
    }

    public static JsonObject Container(SlackMessage message) => WithThread(new JsonObject
    {
        ["type"] = "message",
        ["message_ts"] = message.Ts,
        ["channel_id"] = message.Channel,
        ["is_ephemeral"] = false,
    }, message.ThreadTs);

    public static JsonObject Container(SlackEphemeral message) => WithThread(new JsonObject
    {
        ["type"] = "message",
        ["message_ts"] = message.Ts,
        ["channel_id"] = message.Channel,
        ["is_ephemeral"] = true,
    }, message.ThreadTs);

    /// <summary>What stands in each stateful element of a message.</summary>
    public static JsonObject State(IEnumerable<Element> elements, Func<Element, JsonElement?> chosen)
    {
        var values = new JsonObject();
        foreach (var element in elements.Where(e => e.Type.EndsWith("_select", StringComparison.Ordinal) || e.Type == "radio_buttons"))
        {
            var block = values[element.BlockId] as JsonObject ?? [];
            values[element.BlockId] = block;
            var option = chosen(element) ?? (element.Json.TryGetProperty("initial_option", out var initial) ? initial : null);
            block[element.ActionId] = new JsonObject { ["type"] = element.Type, ["selected_option"] = option is { } o ? MessageJson.ToNode(o) : null };
        }

        return new JsonObject { ["values"] = values };
    }

    private static JsonObject WithThread(JsonObject container, string? thread)
    {
        if (thread is not null)
            container["thread_ts"] = thread;
        return container;
    }
}
