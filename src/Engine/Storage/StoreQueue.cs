namespace Bots.Engine.Storage;

/// <summary>What waits for the store's writer, first come first served. Whoever brings more than it holds waits.</summary>
internal sealed class StoreQueue(int capacity)
{
    private readonly Queue<StoreWork> _waiting = new();
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

    /// <summary>Fills <paramref name="batch"/> with what waits, up to <paramref name="most"/>; waits for the first.</summary>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool Take(List<StoreWork> batch, int most)
    {
        batch.Clear();
        lock (_gate)
        {
            while (!_closed && _waiting.Count == 0) Monitor.Wait(_gate);
            var wasFull = _waiting.Count >= capacity;
            while (batch.Count < most && _waiting.TryDequeue(out var work)) batch.Add(work);
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
