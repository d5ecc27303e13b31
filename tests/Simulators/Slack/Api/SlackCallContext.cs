using Bots.Simulators.Slack.Events;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Api;

/// <summary>What a method works with.</summary>
internal sealed record SlackCallContext(SlackWorkspace Workspace, SlackArgs Args, EventPublisher Events, Triggers Triggers)
{
    /// <summary>A channel the app may know of: by id or, for posts, by <c>#name</c> or the id of a user.</summary>
    public SlackChannel Channel(string argument = "channel", bool byName = false)
    {
        var given = Args.Required(argument);
        if (byName && Workspace.User(given) is { } user)
            return user.Id == Workspace.Bot.Id ? throw new SlackRefusal("channel_not_found") : Workspace.Direct(user.Id);
        var channel = Workspace.Channel(given)
            ?? (byName ? Workspace.Channels.FirstOrDefault(c => c.Name == given.TrimStart('#') && c.Kind is SlackChannelKind.Public or SlackChannelKind.Private) : null);
        return channel is null || (channel.Kind != SlackChannelKind.Public && !channel.Members.Contains(Workspace.Bot.Id))
            ? throw new SlackRefusal("channel_not_found")
            : channel;
    }

    /// <summary>The same, and the app is a member.</summary>
    public SlackChannel Joined(string argument = "channel", bool byName = false)
    {
        var channel = Channel(argument, byName);
        if (!channel.Members.Contains(Workspace.Bot.Id))
            throw new SlackRefusal("not_in_channel");
        return channel;
    }

    /// <summary>The same, and it can be written to.</summary>
    public SlackChannel Open(string argument = "channel", bool byName = false)
    {
        var channel = Joined(argument, byName);
        return channel.IsArchived ? throw new SlackRefusal("is_archived") : channel;
    }
}
