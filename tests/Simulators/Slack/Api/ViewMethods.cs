using System.Text.Json;
using System.Text.Json.Nodes;
using Bots.Simulators.Slack.Blocks;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Api;

/// <summary>views.*</summary>
internal static class ViewMethods
{
    public static JsonObject Open(SlackCallContext call)
    {
        var trigger = call.Args.Required("trigger_id");
        var content = Content(call);
        if (content.TryGetProperty("external_id", out var external) && call.Workspace.Views.All.Any(v => v.IsOpen && ExternalId(v) == external.GetString()))
            throw new SlackRefusal("duplicate_external_id");
        var used = call.Triggers.Use(trigger);
        return Answer(call, call.Workspace.Views.Open(used.User, content, below: null));
    }

    public static JsonObject Push(SlackCallContext call)
    {
        var trigger = call.Args.Required("trigger_id");
        var content = Content(call);
        var used = call.Triggers.Use(trigger);
        var below = used.View is { } id ? call.Workspace.Views.Find(id) : null;
        if (below is not { IsOpen: true })
            throw new SlackRefusal("not_found");
        if (call.Workspace.Views.Depth(below) >= 3)
            throw new SlackRefusal("push_limit_reached");
        return Answer(call, call.Workspace.Views.Open(used.User, content, below));
    }

    public static JsonObject Update(SlackCallContext call)
    {
        var (id, external) = (call.Args.Text("view_id"), call.Args.Text("external_id"));
        if (string.IsNullOrEmpty(id) == string.IsNullOrEmpty(external))
            throw new SlackRefusal("invalid_arguments", "[ERROR] exactly one of view_id and external_id is needed");
        var content = Content(call);
        var view = call.Workspace.Views.All.FirstOrDefault(v => v.IsOpen && (v.Id == id || (external is { Length: > 0 } && ExternalId(v) == external)))
            ?? throw new SlackRefusal("not_found");
        if (call.Args.Text("hash") is { Length: > 0 } hash && hash != view.Hash)
            throw new SlackRefusal("hash_conflict");
        return Answer(call, call.Workspace.Views.Update(view.Id, content));
    }

    /// <summary>Checks a view from a response action as the API would.</summary>
    public static JsonElement Checked(JsonElement view)
    {
        if (view.GetRawText().Length > ViewRules.MaxBytes)
            throw new SlackRefusal("view_too_large");
        var findings = ViewRules.Check(view);
        if (findings.Count > 0)
            throw new SlackRefusal("invalid_arguments", [.. findings]);
        var filled = JsonNode.Parse(view.GetRawText())!.AsObject();
        filled["blocks"] = MessageJson.ToNode(BlockIds.Fill(view.GetProperty("blocks")));
        return JsonSerializer.SerializeToElement(filled);
    }

    public static JsonObject ViewJson(SlackWorkspace workspace, SlackView view)
    {
        var json = MessageJson.ToNode(view.Content)!.AsObject();
        json["id"] = view.Id;
        json["team_id"] = workspace.Options.TeamId;
        json["app_id"] = workspace.Options.AppId;
        json["bot_id"] = workspace.Options.BotId;
        json["hash"] = view.Hash;
        json["root_view_id"] = view.RootId;
        json["previous_view_id"] = view.PreviousId;
        json["callback_id"] ??= "";
        json["private_metadata"] ??= "";
        json["external_id"] ??= "";
        json["state"] = new JsonObject { ["values"] = new JsonObject() };
        return json;
    }

    private static JsonElement Content(SlackCallContext call) => Checked(
        call.Args.Json("view", "invalid_arguments") ?? throw new SlackRefusal("invalid_arguments", "[ERROR] missing required field: view"));

    private static string? ExternalId(SlackView view) => view.Content.TryGetProperty("external_id", out var id) ? id.GetString() : null;

    private static JsonObject Answer(SlackCallContext call, SlackView view) => new() { ["view"] = ViewJson(call.Workspace, view) };
}
