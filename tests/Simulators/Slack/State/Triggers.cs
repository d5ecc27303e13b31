using System.Collections.Concurrent;

namespace Bots.Simulators.Slack.State;

/// <summary>Trigger ids: each opens one view, within three seconds.</summary>
internal sealed class Triggers(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Trigger> _triggers = new(StringComparer.Ordinal);

    /// <param name="view">The view that was on top when the trigger was made.</param>
    public string New(string user, string? view = null)
    {
        var id = $"{Random.Shared.NextInt64(1_000_000_000_000)}.{Random.Shared.NextInt64(1_000_000_000_000)}.{SlackIds.Secret(32)}";
        _triggers[id] = new Trigger(user, view, time.GetUtcNow());
        return id;
    }

    /// <exception cref="SlackRefusal">It is unknown, too old, or used.</exception>
    public Trigger Use(string id)
    {
        if (!_triggers.TryGetValue(id, out var trigger))
            throw new SlackRefusal("invalid_trigger_id");
        if (time.GetUtcNow() - trigger.At > TimeSpan.FromSeconds(3))
            throw new SlackRefusal("expired_trigger_id");
        return trigger.TryUse() ? trigger : throw new SlackRefusal("exchanged_trigger_id");
    }

    internal sealed class Trigger(string user, string? view, DateTimeOffset at)
    {
        private int _used;

        public string User { get; } = user;

        public string? View { get; } = view;

        public DateTimeOffset At { get; } = at;

        public bool TryUse() => Interlocked.Exchange(ref _used, 1) == 0;
    }
}
