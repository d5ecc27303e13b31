using System.Buffers;
using System.Runtime.InteropServices;
using Bots.Sandbox.Wire;

namespace Bots.Sidecar.Processes;

/// <summary>
/// What one process wrote, numbered from 1, kept until it is acknowledged. Full, it makes the writer wait; only error lines never
/// wait: of those that find no room the last are kept, and how many were not is told when there is room again.
/// </summary>
/// <param name="changed">Called when there is something new to send.</param>
internal sealed class OutputLog(long limitBytes, Action changed)
{
    readonly Lock _gate = new();
    readonly List<Entry> _entries = [];
    readonly ByteQueue _content = new();
    readonly ErrorBacklog _backlog = new(limitBytes / 16);
    readonly long _errorLimitBytes = limitBytes / 4;
    int _head;
    long _bytes;
    long _errorBytes;
    long _acknowledged;
    bool _lineBegun;
    bool _closed;
    TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="Start">Where its bytes are.</param>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Entry(long Number, OutputKind Kind, long Start = 0, int Length = 0, int? Code = null, long DroppedLines = 0, long DroppedBytes = 0)
    {
        public long Cost => CostOf(Length);

        public bool IsError => Kind is OutputKind.ErrorLine or OutputKind.Dropped;
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

    public static long CostOf(int length) => 64 + length;

    /// <summary>Waits until there is room, and takes a copy.</summary>
    /// <param name="begun">It goes on what is in here already, and so does not wait: half a line could never be acknowledged.</param>
    public async ValueTask Append(OutputKind kind, ReadOnlyMemory<byte> bytes, bool begun = false)
    {
        while (!TryAppend(kind, bytes.Span, begun, out var room)) await room;
        changed();
    }

    /// <param name="dropped">Bytes that were left out of its middle.</param>
    public void AppendError(ReadOnlySpan<byte> line, long dropped)
    {
        lock (_gate)
        {
            // Within a line that comes in parts, it would be acknowledged, and with it the parts before it.
            if (_lineBegun || !_backlog.IsEmpty || _errorBytes >= _errorLimitBytes)
            {
                _backlog.Add(line, dropped);
            }
            else
            {
                Add(new Entry(0, OutputKind.ErrorLine), line);
                if (dropped > 0) Add(new Entry(0, OutputKind.Dropped, DroppedBytes: dropped));
            }
        }

        changed();
    }

    /// <summary>The middle of the line just appended was left out.</summary>
    public void AppendDropped(long bytes)
    {
        lock (_gate)
        {
            if (!_closed) Add(new Entry(0, OutputKind.Dropped, DroppedBytes: bytes));
        }

        changed();
    }

    public void AppendExit(int? code)
    {
        lock (_gate)
        {
            FlushBacklog();
            Add(new Entry(0, OutputKind.Exited, Code: code));
        }

        changed();
    }

    /// <summary>The first entry kept that follows <paramref name="after"/>.</summary>
    /// <param name="content">Its bytes are added here.</param>
    public bool TryGet(long after, ArrayBufferWriter<byte> content, out Entry entry)
    {
        lock (_gate)
        {
            var index = _head + Math.Max(0, after - _acknowledged);
            entry = index < _entries.Count ? _entries[(int)index] : default;
            if (index >= _entries.Count) return false;

            _content.CopyTo(entry.Start, content.GetSpan(entry.Length)[..entry.Length]);
            content.Advance(entry.Length);
            return true;
        }
    }

    public void Acknowledge(long number)
    {
        lock (_gate)
        {
            while (_acknowledged < number && _head < _entries.Count)
            {
                var entry = _entries[_head];
                _bytes -= entry.Cost;
                if (entry.IsError) _errorBytes -= entry.Cost;
                _entries[_head++] = default;
                _acknowledged++;
                _content.LetGo(entry.Start + entry.Length);
            }

            // Moving what is left only once half is gone keeps frequent small acknowledgements cheap.
            if (_head > _entries.Count / 2)
            {
                _entries.RemoveRange(0, _head);
                _head = 0;
            }

            if (_errorBytes < _errorLimitBytes && !_lineBegun) FlushBacklog();
            if (_bytes < limitBytes) LetIn();
        }

        changed();
    }

    /// <summary>Nobody will read it any more: nobody waits any more either.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            LetIn();
        }
    }

    bool TryAppend(OutputKind kind, ReadOnlySpan<byte> bytes, bool begun, out Task room)
    {
        lock (_gate)
        {
            room = _room.Task;
            if (_bytes >= limitBytes && !begun && !_closed) return false;

            if (_closed) return true;
            Add(new Entry(0, kind), bytes);
            _lineBegun = kind == OutputKind.Part;
            if (!_lineBegun && _errorBytes < _errorLimitBytes) FlushBacklog();
            return true;
        }
    }

    void Add(Entry entry, ReadOnlySpan<byte> bytes = default)
    {
        entry = entry with { Number = ++Last, Start = _content.Add(bytes), Length = bytes.Length };
        _entries.Add(entry);
        _bytes += entry.Cost;
        if (entry.IsError) _errorBytes += entry.Cost;
    }

    void FlushBacklog()
    {
        if (_backlog.IsEmpty) return;

        if (_backlog.DroppedBytes > 0) Add(new Entry(0, OutputKind.Dropped, DroppedLines: _backlog.DroppedLines, DroppedBytes: _backlog.DroppedBytes));
        _backlog.Drain(line => Add(new Entry(0, OutputKind.ErrorLine), line));
    }

    void LetIn()
    {
        _room.TrySetResult();
        _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
