using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Events;

/// <summary>Turns what happened into events and sends them on their way.</summary>
internal sealed class EventPublisher(SlackWorkspace workspace, EventSender sender)
{
    public void Posted(SlackMessage message) => Send(EventComposer.Posted(message, ChannelOf(message), workspace));

    public void Changed(SlackMessage after, SlackMessage before) => Send(EventComposer.Changed(after, before, ChannelOf(after), workspace));

    public void Deleted(SlackMessage message) => Send(EventComposer.Deleted(message, ChannelOf(message), workspace));

    public void Reacted(string type, string user, string name, SlackMessage message)
    {
        if (ChannelOf(message).Members.Contains(workspace.Bot.Id))
            sender.Send(EventComposer.Reaction(type, user, name, message, workspace));
    }

    private void Send(IReadOnlyList<SlackEvent> events)
    {
        foreach (var e in events)
            sender.Send(e);
    }

    private SlackChannel ChannelOf(SlackMessage message) => workspace.Channel(message.Channel)!;
}
