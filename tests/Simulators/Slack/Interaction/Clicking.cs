using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bots.Simulators.Slack.Api;
using Bots.Simulators.Slack.Events;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Interaction;

/// <summary>People who press buttons and pick options in messages.</summary>
internal sealed class Clicking(SlackWorkspace workspace, EventSender sender, Triggers triggers, ResponseUrls responses)
{
    private readonly ConcurrentDictionary<(string User, string Ts, string Block, string Action), JsonElement> _chosen = [];

    public Uri? Url { get; set; } = workspace.Options.InteractivityUrl;

    public Task<SlackInteraction> Click(string user, string channel, string ts, string actionId, string? value)
    {
        var target = Target(user, channel, ts);
        var found = target.Elements.Where(e => e.ActionId == actionId && e.Type is "button" or "icon_button" && (value is null || e.Value == value)).ToList();
        return found.Count switch
        {
            1 => Act(user, target, found[0], null),
            0 => throw new SlackDrivingException($"No button '{actionId}'{(value is null ? "" : $" with value '{value}'")} on {channel}/{ts}. There are: {string.Join(", ", target.Elements.Select(e => $"{e.ActionId}={e.Value}"))}."),
            _ => throw new SlackDrivingException($"{found.Count} buttons '{actionId}' on {channel}/{ts}; say which value."),
        };
    }

    public Task<SlackInteraction> Select(string user, string channel, string ts, string actionId, string value)
    {
        var target = Target(user, channel, ts);
        var element = target.Elements.FirstOrDefault(e => e.ActionId == actionId && e.Type is "static_select" or "radio_buttons" or "overflow")
            ?? throw new SlackDrivingException($"No select '{actionId}' on {channel}/{ts}.");
        var option = element.Option(value) ?? throw new SlackDrivingException($"'{actionId}' has no option '{value}'.");
        if (element.Type != "overflow")
            _chosen[(user, ts, element.BlockId, element.ActionId)] = option;
        return Act(user, target, element, option);
    }

    private async Task<SlackInteraction> Act(string user, Place target, Element element, JsonElement? option)
    {
        var url = Url ?? throw new SlackDrivingException("There is no interactivity URL.");
        var trigger = triggers.New(user);
        var response = responses.New(target.Channel.Id, user, target.Thread, target.Message, target.Ephemeral);
        var payload = Payloads.Common("block_actions", workspace.User(user)!, workspace, trigger);
        payload["container"] = target.Message is { } m ? Payloads.Container(m) : Payloads.Container(target.Ephemeral!);
        payload["channel"] = new JsonObject { ["id"] = target.Channel.Id, ["name"] = target.Channel.Kind == SlackChannelKind.Direct ? "directmessage" : target.Channel.Name };
        if (target.Message is { } message)
            payload["message"] = MessageJson.Of(message, workspace, withMetadata: true);
        payload["state"] = Payloads.State(target.Elements, e => _chosen.TryGetValue((user, target.Ts, e.BlockId, e.ActionId), out var chosen) ? chosen : null);
        payload["response_url"] = response.ToString();
        payload["actions"] = new JsonArray(Payloads.Action(element, option, workspace));
        var json = payload.ToJsonString();
        var answer = await sender.Post(url, $"payload={Uri.EscapeDataString(json)}");
        return new SlackInteraction(answer.Status, answer.Body, trigger, response, json);
    }

    private Place Target(string user, string channelId, string ts)
    {
        var channel = workspace.Channel(channelId) ?? throw new SlackDrivingException($"No channel {channelId}.");
        if (workspace.User(user) is null || (channel.Kind != SlackChannelKind.Public && !channel.Members.Contains(user)))
            throw new SlackDrivingException($"{user} does not see {channelId}.");
        if (workspace.Find(channelId, ts) is { IsDeleted: false } message)
            return new Place(channel, message.ThreadTs, message, null, [.. Element.In(message.Blocks)]);
        return workspace.Ephemerals.LastOrDefault(e => e.Channel == channelId && e.Ts == ts && e.User == user && !e.IsDeleted) is { } ephemeral
            ? new Place(channel, ephemeral.ThreadTs, null, ephemeral, [.. Element.In(ephemeral.Blocks)])
            : throw new SlackDrivingException($"{user} sees no message {channelId}/{ts}.");
    }

    private sealed record Place(SlackChannel Channel, string? Thread, SlackMessage? Message, SlackEphemeral? Ephemeral, IReadOnlyList<Element> Elements)
    {
        public string Ts => Message?.Ts ?? Ephemeral!.Ts;
    }
}
