using Bots.Sandbox.Wire;

namespace Bots.Sidecar.Processes;

/// <summary>What one process wrote, numbered from 1, kept until it is acknowledged. Full, it makes the writer wait; nothing is dropped.</summary>
internal sealed class OutputLog(long limitBytes)
{
    readonly Lock _gate = new();
    readonly List<Entry> _entries = [];
    int _head;
    long _bytes;
    long _acknowledged;
    TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public readonly record struct Entry(long Number, OutputKind Kind, string? Text, int? Code)
    {
        public long Bytes => 64 + (2L * (Text?.Length ?? 0));
    }

    public long Last { get; private set; }

    public long Acknowledged
    {
        get { lock (_gate) return _acknowledged; }
    }

    public bool Full
    {
        get { lock (_gate) return _bytes >= limitBytes; }
    }

    public async Task Append(OutputKind kind, string? text, int? code)
    {
        while (!TryAppend(kind, text, code, out var room)) await room;
    }

    bool TryAppend(OutputKind kind, string? text, int? code, out Task room)
    {
        lock (_gate)
        {
            room = _room.Task;
            if (_bytes >= limitBytes && kind != OutputKind.Exited) return false;

            var entry = new Entry(++Last, kind, text, code);
            _entries.Add(entry);
            _bytes += entry.Bytes;
            return true;
        }
    }

    /// <summary>The first entry kept that follows <paramref name="after"/>.</summary>
    public bool TryGet(long after, out Entry entry)
    {
        lock (_gate)
        {
            var index = _head + (int)Math.Max(0, after - _acknowledged);
            entry = index < _entries.Count ? _entries[index] : default;
            return index < _entries.Count;
        }
    }

    public void Acknowledge(long number)
    {
        lock (_gate)
        {
            while (_acknowledged < number && _head < _entries.Count)
            {
                _bytes -= _entries[_head].Bytes;
                _entries[_head++] = default;
                _acknowledged++;
            }

            // Moving what is left only once half is gone keeps frequent small acknowledgements cheap.
            if (_head > _entries.Count / 2)
            {
                _entries.RemoveRange(0, _head);
                _head = 0;
            }

            if (_bytes >= limitBytes) return;
            _room.TrySetResult();
            _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
