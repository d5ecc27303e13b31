namespace Bots.Engine.Intake;

/// <summary>
/// A surface's new deliveries on their way from the store's writer to the intake, so that what was just written need not be read again.
/// What counts is the store: what finds no room here, and what was put off, is read from there.
/// </summary>
internal sealed class Arrivals
{
    private const int Most = 1024;
    private const int MostBytes = 4 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<PendingDelivery> _new = new();
    private int _bytes;
    private bool _collects;

    /// <summary>Set when a delivery was stored, or is to be taken up again.</summary>
    public Signal Came { get; } = new();

    /// <summary>One that is on disk now. They come in the order of their rows.</summary>
    public void Add(PendingDelivery delivery)
    {
        lock (_lock)
        {
            if (_collects)
            {
                _new.Enqueue(delivery);
                _bytes += delivery.Delivery.Body.Length;
                if (_new.Count > Most || _bytes > MostBytes) Clear();
            }
        }

        Came.Set();
    }

    /// <summary>From now on whatever comes is kept. Call it before the store is read, so that nothing falls in between.</summary>
    public void Collect()
    {
        lock (_lock)
        {
            Clear();
            _collects = true;
        }
    }

    /// <summary>The store was read: what was found there is not taken from here as well, and where not all was read, the rest is not here either.</summary>
    public void Read(IReadOnlyList<PendingDelivery> found, bool isAll)
    {
        lock (_lock)
        {
            if (!isAll) Clear();
            else while (found.Count > 0 && _new.TryPeek(out var next) && next.Row <= found[^1].Row) _bytes -= _new.Dequeue().Delivery.Body.Length;
        }
    }

    /// <returns>The first of what came, in order; empty when the store has to be read.</returns>
    public IReadOnlyList<PendingDelivery> Take(int most)
    {
        lock (_lock)
        {
            var taken = new List<PendingDelivery>(Math.Min(most, _new.Count));
            while (taken.Count < most && _new.TryDequeue(out var next))
            {
                taken.Add(next);
                _bytes -= next.Delivery.Body.Length;
            }

            return taken;
        }
    }

    private void Clear()
    {
        _new.Clear();
        _bytes = 0;
        _collects = false;
    }
}
