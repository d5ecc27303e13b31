using Bots.Simulators.Slack.Api;
using Bots.Simulators.Slack.Events;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Interaction;

/// <summary>People who write, edit, delete, react, and type commands.</summary>
internal sealed class Talking(SlackWorkspace workspace, EventPublisher events, EventSender sender, Triggers triggers, ResponseUrls responses)
{
    public Uri? CommandsUrl { get; set; } = workspace.Options.CommandsUrl;

    /// <summary>Posts without telling the app.</summary>
    public SlackMessage Write(string user, string channelId, string text, string? threadTs)
    {
        var channel = Channel(user, channelId);
        if (channel.IsArchived)
            throw new SlackDrivingException($"{channelId} is archived.");
        if (threadTs is not null && workspace.Find(channel.Id, threadTs) is not { IsReply: false })
            throw new SlackDrivingException($"There is no thread {channelId}/{threadTs}.");
        var encoded = HumanText.Encode(text, workspace);
        return workspace.Post(channel.Id, user, encoded, m => m with
        {
            ThreadTs = threadTs,
            ClientMessageId = Guid.NewGuid().ToString(),
            Blocks = HumanText.Blocks(encoded),
        });
    }

    public SlackMessage Say(string user, string channelId, string text, string? threadTs)
    {
        var message = Write(user, channelId, text, threadTs);
        events.Posted(message);
        return message;
    }

    public void Edit(string user, string channelId, string ts, string text)
    {
        var before = Own(user, channelId, ts);
        var encoded = HumanText.Encode(text, workspace);
        events.Changed(workspace.Edit(channelId, ts, m => m with { Text = encoded, Blocks = HumanText.Blocks(encoded) }), before);
    }

    public void Delete(string user, string channelId, string ts)
    {
        Own(user, channelId, ts);
        events.Deleted(workspace.Change(channelId, ts, m => m with { IsDeleted = true }));
    }

    public void React(string user, string channelId, string ts, string name, bool remove)
    {
        Channel(user, channelId);
        var message = workspace.Change(channelId, ts, m => remove ? ReactionMethods.Without(m, name, user) : ReactionMethods.With(m, name, user));
        events.Reacted(remove ? "reaction_removed" : "reaction_added", user, name, message);
    }

    public async Task<SlackInteraction> Command(string user, string channelId, string command, string text)
    {
        var url = CommandsUrl ?? throw new SlackDrivingException("There is no commands URL.");
        var channel = Channel(user, channelId);
        var (trigger, response) = (triggers.New(user), responses.New(channelId, user));
        var form = string.Join('&', new (string Name, string Value)[]
        {
            ("token", "legacy-verification-token"), ("team_id", workspace.Options.TeamId), ("team_domain", workspace.Options.TeamDomain),
            ("channel_id", channelId), ("channel_name", channel.Kind == SlackChannelKind.Direct ? "directmessage" : channel.Name),
            ("user_id", user), ("user_name", workspace.User(user)!.Name), ("command", command), ("text", text),
            ("api_app_id", workspace.Options.AppId), ("is_enterprise_install", "false"), ("response_url", response.ToString()), ("trigger_id", trigger),
        }.Select(f => $"{f.Name}={Uri.EscapeDataString(f.Value)}"));
        var answer = await sender.Post(url, form);
        return new SlackInteraction(answer.Status, answer.Body, trigger, response, form);
    }

    private SlackMessage Own(string user, string channelId, string ts) => workspace.Find(channelId, ts) is { IsDeleted: false } message && message.User == user
        ? message
        : throw new SlackDrivingException($"{user} wrote no message {channelId}/{ts}.");

    private SlackChannel Channel(string user, string channelId)
    {
        var channel = workspace.Channel(channelId) ?? throw new SlackDrivingException($"No channel {channelId}.");
        return workspace.User(user) is { IsDeactivated: false } && channel.Members.Contains(user) ? channel : throw new SlackDrivingException($"{user} is no member of {channelId}.");
    }
}
