using Bots.Engine.Sessions;

namespace Bots.Engine.Intake;

/// <summary>The deliveries that were put off, by the place they belong to: what came later for the same place is not taken in before them.</summary>
internal sealed class PlaceOrder
{
    private readonly Dictionary<ConversationKey, SortedList<long, DateTimeOffset>> _waiting = [];

    public bool IsEmpty => _waiting.Count == 0;

    /// <returns>When the first of those that came before is tried again; null when there is none.</returns>
    public DateTimeOffset? Before(ConversationKey place, long row) =>
        _waiting.TryGetValue(place, out var rows) && rows.GetKeyAtIndex(0) < row ? rows.GetValueAtIndex(0) : null;

    public void PutOff(ConversationKey place, long row, DateTimeOffset until)
    {
        if (!_waiting.TryGetValue(place, out var rows)) _waiting[place] = rows = [];
        rows[row] = until;
    }

    public void Settled(ConversationKey place, long row)
    {
        if (_waiting.TryGetValue(place, out var rows) && rows.Remove(row) && rows.Count == 0) _waiting.Remove(place);
    }
}
