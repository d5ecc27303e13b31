namespace Bots.Simulators.Slack.State;

/// <summary>All messages of all channels. Callers hold the workspace's lock.</summary>
internal sealed class MessageStore
{
    private readonly Dictionary<string, List<SlackMessage>> _channels = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Channel, string Ts), int> _places = [];

    public IReadOnlyList<SlackMessage> In(string channel) => _channels.GetValueOrDefault(channel, []);

    public SlackMessage? Find(string channel, string ts) => _places.TryGetValue((channel, ts), out var i) ? _channels[channel][i] : null;

    public void Add(SlackMessage message)
    {
        if (!_channels.TryGetValue(message.Channel, out var list))
            _channels[message.Channel] = list = [];
        _places[(message.Channel, message.Ts)] = list.Count;
        list.Add(message);
    }

    public void Replace(SlackMessage message) => _channels[message.Channel][_places[(message.Channel, message.Ts)]] = message;
}
