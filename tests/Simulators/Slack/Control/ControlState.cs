using System.Text.Json.Nodes;
using Bots.Simulators.Slack.Api;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Control;

/// <summary>The whole workspace as the playground's page shows it.</summary>
internal static class ControlState
{
    public static JsonObject Of(SlackWorkspace workspace) => new()
    {
        ["version"] = workspace.Changes.Version,
        ["workspace"] = new JsonObject
        {
            ["team_id"] = workspace.Options.TeamId,
            ["domain"] = workspace.Options.TeamDomain,
            ["bot"] = new JsonObject { ["id"] = workspace.Bot.Id, ["name"] = workspace.Bot.Name },
        },
        ["users"] = new JsonArray([.. workspace.Users.Select(u => new JsonObject { ["id"] = u.Id, ["name"] = u.Name, ["real_name"] = u.RealName, ["is_bot"] = u.IsBot })]),
        ["channels"] = new JsonArray([.. workspace.Channels.Select(c => Channel(c, workspace))]),
        ["ephemerals"] = new JsonArray([.. workspace.Ephemerals.Where(e => !e.IsDeleted).Select(Ephemeral)]),
        ["views"] = new JsonArray([.. workspace.Views.All.Where(v => v.IsOpen).Select(v => View(v, workspace))]),
        ["statuses"] = new JsonArray([.. workspace.Statuses.Select(s => new JsonObject { ["channel"] = s.Channel, ["thread_ts"] = s.Thread, ["status"] = s.Status })]),
    };

    private static JsonObject Channel(SlackChannel channel, SlackWorkspace workspace) => new()
    {
        ["id"] = channel.Id,
        ["name"] = channel.Name,
        ["kind"] = channel.Kind.ToString().ToLowerInvariant(),
        ["members"] = new JsonArray([.. channel.Members.Select(m => JsonValue.Create(m))]),
        ["messages"] = new JsonArray([.. workspace.Messages(channel.Id).Where(m => !m.IsDeleted).Select(m => Message(m, workspace))]),
    };

    private static JsonObject Message(SlackMessage message, SlackWorkspace workspace)
    {
        var json = MessageJson.Of(message, workspace, withMetadata: true);
        json["edits"] = message.Edits;
        return json;
    }

    private static JsonObject Ephemeral(SlackEphemeral ephemeral) => new()
    {
        ["channel"] = ephemeral.Channel,
        ["user"] = ephemeral.User,
        ["ts"] = ephemeral.Ts,
        ["thread_ts"] = ephemeral.ThreadTs,
        ["text"] = ephemeral.Text,
        ["blocks"] = ephemeral.Blocks is { } blocks ? MessageJson.ToNode(blocks) : null,
    };

    private static JsonObject View(SlackView view, SlackWorkspace workspace)
    {
        var json = ViewMethods.ViewJson(workspace, view);
        json["user"] = view.User;
        return json;
    }
}
