namespace Bots.Engine.Storage;

/// <summary>
/// What waits for the store's writer, first come first served. Whoever brings more than it holds waits. What nobody is in a hurry for
/// lies beside it and goes along with the next that somebody is, or by itself once it has lain for a while.
/// </summary>
internal sealed class StoreQueue(int capacity, TimeSpan patience)
{
    private readonly Queue<StoreWork> _waiting = new();
    private readonly Queue<StoreWork> _unhurried = new();
    private readonly object _gate = new();
    private bool _closed;

    /// <returns>False when the queue is closed.</returns>
    public bool Add(StoreWork work)
    {
        lock (_gate)
        {
            while (!_closed && _waiting.Count >= capacity) Monitor.Wait(_gate);
            if (_closed) return false;
            _waiting.Enqueue(work);
            // Where something waited already, the writer is awake or was woken for it.
            if (_waiting.Count == 1) Monitor.PulseAll(_gate);
            return true;
        }
    }

    /// <returns>False when the queue is closed.</returns>
    public bool AddUnhurried(StoreWork work)
    {
        lock (_gate)
        {
            if (_closed) return false;
            _unhurried.Enqueue(work);
            // The writer begins to count; it has nothing to do yet.
            if (_unhurried.Count == 1) Monitor.PulseAll(_gate);
            return true;
        }
    }

    /// <summary>Fills <paramref name="batch"/> with what waits, up to <paramref name="most"/>; waits for the first.</summary>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool Take(List<StoreWork> batch, int most)
    {
        batch.Clear();
        lock (_gate)
        {
            while (!_closed && _waiting.Count == 0)
            {
                if (_unhurried.Count == 0) Monitor.Wait(_gate);
                else if (!Monitor.Wait(_gate, patience)) break;
            }

            var wasFull = _waiting.Count >= capacity;
            while (batch.Count < most && (_waiting.TryDequeue(out var work) || _unhurried.TryDequeue(out work))) batch.Add(work);
            if (wasFull) Monitor.PulseAll(_gate);
            return batch.Count > 0;
        }
    }

    /// <summary>Nothing more is taken in; what waits is still given out.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }
}
