namespace Bots.Simulators.Slack.State;

/// <summary>All messages of all channels. Callers hold the workspace's lock.</summary>
internal sealed class MessageStore
{
    private readonly Dictionary<string, List<SlackMessage>> _channels = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Channel, string Ts), int> _places = [];
    private readonly Dictionary<(string Channel, string Thread), List<string>> _replies = [];

    public IReadOnlyList<SlackMessage> In(string channel) => _channels.GetValueOrDefault(channel, []);

    public SlackMessage? Find(string channel, string ts) => _places.TryGetValue((channel, ts), out var i) ? _channels[channel][i] : null;

    public IEnumerable<SlackMessage> Replies(string channel, string thread) =>
        _replies.GetValueOrDefault((channel, thread), []).Select(ts => Find(channel, ts)!);

    public void Add(SlackMessage message)
    {
        if (!_channels.TryGetValue(message.Channel, out var list))
            _channels[message.Channel] = list = [];
        _places[(message.Channel, message.Ts)] = list.Count;
        list.Add(message);
        if (!message.IsReply)
            return;
        var thread = (message.Channel, message.ThreadTs!);
        if (!_replies.TryGetValue(thread, out var replies))
            _replies[thread] = replies = [];
        replies.Add(message.Ts);
    }

    public void Replace(SlackMessage message) => _channels[message.Channel][_places[(message.Channel, message.Ts)]] = message;
}
