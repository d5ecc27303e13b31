namespace Bots.Sidecar.Processes;

/// <summary>Error lines for which there was no room: the last of them, and how much is gone.</summary>
internal sealed class ErrorBacklog(long limitBytes)
{
    readonly ByteQueue _bytes = new();
    readonly Queue<(long Start, int Length)> _kept = [];
    long _cost;

    public bool IsEmpty => _kept.Count == 0;

    public long DroppedLines { get; private set; }

    public long DroppedBytes { get; private set; }

    /// <param name="dropped">Bytes that were left out of its middle.</param>
    public void Add(ReadOnlySpan<byte> line, long dropped)
    {
        DroppedBytes += dropped;
        _kept.Enqueue((_bytes.Add(line), line.Length));
        _cost += OutputLog.CostOf(line.Length);
        while (_cost > limitBytes && _kept.Count > 1)
        {
            DroppedLines++;
            DroppedBytes += Next().Length + 1;
        }
    }

    /// <summary>Hands all lines over, the oldest first, and begins anew.</summary>
    public void Drain(Action<byte[]> take)
    {
        while (_kept.TryPeek(out var next))
        {
            var line = new byte[next.Length];
            _bytes.CopyTo(next.Start, line);
            Next();
            take(line);
        }

        DroppedLines = DroppedBytes = 0;
    }

    (long Start, int Length) Next()
    {
        var next = _kept.Dequeue();
        _cost -= OutputLog.CostOf(next.Length);
        _bytes.LetGo(next.Start + next.Length);
        return next;
    }
}
