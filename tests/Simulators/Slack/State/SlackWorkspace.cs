using System.Collections.Immutable;
using System.Text.Json;

namespace Bots.Simulators.Slack.State;

/// <summary>Everything the workspace knows. Thread-safe; what it returns are snapshots.</summary>
internal sealed class SlackWorkspace
{
    private readonly Lock _lock = new();
    private readonly MessageStore _messages = new();
    private readonly List<SlackEphemeral> _ephemerals = [];
    private readonly Dictionary<string, SlackChannel> _channels;
    private readonly Dictionary<(string Channel, string Thread), (string Status, DateTimeOffset At)> _statuses = [];

    public SlackWorkspace(SlackSimulatorOptions options, ChangeSignal changes)
    {
        (Options, Changes) = (options, changes);
        Clock = new SlackClock(options.TimeProvider);
        Bot = new SlackUser { Id = options.BotUserId, Name = options.BotName, RealName = options.BotName, IsBot = true };
        Users = [.. options.Users, Bot];
        _channels = options.Channels.ToDictionary(c => c.Id, StringComparer.Ordinal);
        Views = new ViewStore(changes);
    }

    public SlackSimulatorOptions Options { get; }

    public ChangeSignal Changes { get; }

    public SlackClock Clock { get; }

    public SlackUser Bot { get; }

    public IReadOnlyList<SlackUser> Users { get; }

    public ViewStore Views { get; }

    public IReadOnlyList<SlackChannel> Channels => Locked(() => (IReadOnlyList<SlackChannel>)[.. _channels.Values]);

    public IReadOnlyList<SlackEphemeral> Ephemerals => Locked(() => (IReadOnlyList<SlackEphemeral>)[.. _ephemerals]);

    public SlackUser? User(string id) => Users.FirstOrDefault(u => u.Id == id);

    public SlackChannel? Channel(string id) => Locked(() => _channels.GetValueOrDefault(id));

    public IReadOnlyList<SlackMessage> Messages(string channel) => Locked(() => (IReadOnlyList<SlackMessage>)[.. _messages.In(channel)]);

    /// <summary>A thread's replies that are not deleted, from old to new.</summary>
    public IReadOnlyList<SlackMessage> Replies(string channel, string thread) =>
        Locked(() => (IReadOnlyList<SlackMessage>)[.. _messages.Replies(channel, thread).Where(m => !m.IsDeleted)]);

    public SlackMessage? Find(string channel, string ts) => Locked(() => _messages.Find(channel, ts));

    /// <summary>The conversation of exactly these people with the app, opened when it is not there yet.</summary>
    /// <exception cref="SlackDrivingException">One of them is not here.</exception>
    public SlackChannel Direct(params IReadOnlyList<string> users) => Changed(() =>
    {
        if (users.FirstOrDefault(u => User(u) is null) is { } stranger)
            throw new SlackDrivingException($"No user {stranger}.");
        var members = users.Append(Bot.Id).ToHashSet(StringComparer.Ordinal);
        var found = _channels.Values.FirstOrDefault(c => c.Kind is SlackChannelKind.Direct or SlackChannelKind.Group && members.SetEquals(c.Members));
        if (found is not null)
            return found;
        var made = new SlackChannel
        {
            Id = SlackIds.New(users.Count == 1 ? "D" : "G"),
            Name = users.Count == 1 ? User(users[0])!.Name : "mpdm-" + string.Join("--", users.Select(u => User(u)!.Name)),
            Members = [.. members],
            Kind = users.Count == 1 ? SlackChannelKind.Direct : SlackChannelKind.Group,
        };
        return _channels[made.Id] = made;
    });

    public void Put(SlackChannel channel) => Changed(() => _channels[channel.Id] = channel);

    public SlackMessage Post(string channel, string user, string text, Func<SlackMessage, SlackMessage> fill) => Changed(() =>
    {
        var message = fill(new SlackMessage { Channel = channel, Ts = Clock.NextTs(), User = user, Text = text, Revisions = [] });
        message = message with { Revisions = [new SlackRevision(Clock.Now, message.Text, message.Blocks)] };
        _messages.Add(message);
        if (message is { BotId: not null, ThreadTs: { } thread })
            _statuses.Remove((channel, thread));
        return message;
    });

    /// <summary>Changes a message; new content makes a new revision.</summary>
    public SlackMessage Change(string channel, string ts, Func<SlackMessage, SlackMessage> change) => Changed(() =>
    {
        var changed = change(_messages.Find(channel, ts) ?? throw new SlackRefusal("message_not_found"));
        _messages.Replace(changed);
        return changed;
    });

    public SlackMessage Edit(string channel, string ts, Func<SlackMessage, SlackMessage> change) => Change(channel, ts, before =>
    {
        var after = change(before);
        return after with { Revisions = before.Revisions.Add(new SlackRevision(Clock.Now, after.Text, after.Blocks)) };
    });

    public SlackEphemeral Whisper(string channel, string user, string? thread, string text, JsonElement? blocks) => Changed(() =>
    {
        var whispered = new SlackEphemeral { Channel = channel, User = user, Ts = Clock.NextTs(), ThreadTs = thread, Text = text, Blocks = blocks };
        _ephemerals.Add(whispered);
        return whispered;
    });

    public void ChangeEphemeral(SlackEphemeral before, SlackEphemeral after) => Changed(() =>
    {
        var i = _ephemerals.FindIndex(e => e.Ts == before.Ts && e.Channel == before.Channel);
        _ephemerals[i] = after;
        return after;
    });

    public void SetStatus(string channel, string thread, string status) => Changed(() =>
    {
        _statuses[(channel, thread)] = (status, Clock.Now);
        return status;
    });

    /// <summary>The line under a thread; it goes by itself after two minutes.</summary>
    public string? Status(string channel, string thread) => Locked(() =>
        _statuses.TryGetValue((channel, thread), out var s) && s.Status.Length > 0 && Clock.Now - s.At < TimeSpan.FromMinutes(2) ? s.Status : null);

    public IReadOnlyList<(string Channel, string Thread, string Status)> Statuses =>
        Locked(() => (IReadOnlyList<(string, string, string)>)[.. _statuses.Keys.Select(k => (k.Channel, k.Thread, Status(k.Channel, k.Thread)!)).Where(s => s.Item3 is not null)]);

    private T Locked<T>(Func<T> read)
    {
        lock (_lock)
            return read();
    }

    private T Changed<T>(Func<T> write)
    {
        var result = Locked(write);
        Changes.Raise();
        return result;
    }
}
