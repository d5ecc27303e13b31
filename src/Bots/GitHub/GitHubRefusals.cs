using Bots.Engine;

namespace Bots.GitHub;

/// <summary>Remembers who was told no, and where, so that nobody can make the bot repeat it. Forgets the oldest; a restart forgets all.</summary>
public sealed class GitHubRefusals
{
    private const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(ConversationKey, string), string> _told = [];
    private readonly Queue<(ConversationKey, string)> _order = [];

    /// <summary>True for the delivery that was refused first, however often it is read.</summary>
    public bool IsFirst(ConversationKey conversation, string login, string delivery)
    {
        var key = (conversation, login.ToUpperInvariant());
        lock (_gate)
        {
            if (_told.TryGetValue(key, out var first)) return first == delivery;
            if (_order.Count == Most) _told.Remove(_order.Dequeue());
            _order.Enqueue(key);
            _told.Add(key, delivery);
            return true;
        }
    }
}
