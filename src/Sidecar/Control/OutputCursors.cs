using System.Buffers;
using Bots.Sandbox.Wire;
using Bots.Sidecar.Processes;

namespace Bots.Sidecar.Control;

/// <summary>What the service has asked to read, and how far it has got, on one socket.</summary>
internal sealed class OutputCursors(ProcessTable processes)
{
    const int KeptBytes = 256 * 1024;
    readonly Lock _gate = new();
    readonly Dictionary<string, ToSidecar.Read> _cursors = [];
    readonly List<ToService.Output> _next = [];
    ArrayBufferWriter<byte> _content = new(Protocol.PartBytes);

    public void Set(ToSidecar.Read read)
    {
        lock (_gate) _cursors[read.Process] = read;
    }

    public void Extend(ToSidecar.Extend extend)
    {
        lock (_gate)
        {
            if (_cursors.TryGetValue(extend.Process, out var cursor) && cursor.Reader == extend.Reader)
                _cursors[extend.Process] = cursor with { Credit = cursor.Credit + extend.Credit };
        }
    }

    /// <summary>The message had so many bytes.</summary>
    public void Sent(ToService.Output output, int bytes) => Extend(new ToSidecar.Extend(output.Process, output.Reader, -bytes));

    /// <summary>The next output of each process that may be sent; the cursors move past it.</summary>
    /// <returns>Valid until this is called again.</returns>
    public List<ToService.Output> Next()
    {
        lock (_gate)
        {
            if (_content.Capacity > KeptBytes) _content = new(Protocol.PartBytes);
            _content.ResetWrittenCount();
            _next.Clear();
            foreach (var process in _cursors.Keys.ToArray())
            {
                var cursor = _cursors[process];
                var start = _content.WrittenCount;
                if (cursor.Credit <= 0 || processes.Find(process)?.Output is not { } log || !log.TryGet(cursor.After, _content, out var entry)) continue;

                _cursors[process] = cursor with { After = entry.Number };
                _next.Add(new ToService.Output(process, cursor.Reader, entry.Number, entry.Kind)
                {
                    Bytes = _content.WrittenMemory[start..],
                    Code = entry.Code,
                    DroppedLines = entry.DroppedLines,
                    DroppedBytes = entry.DroppedBytes,
                });
            }

            return _next;
        }
    }

    /// <summary>Whoever reads a process that is gone for good would be looked up for ever.</summary>
    public void Remove(string process)
    {
        lock (_gate) _cursors.Remove(process);
    }
}
