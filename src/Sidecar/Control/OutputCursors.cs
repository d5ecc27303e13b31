using Bots.Sandbox.Wire;
using Bots.Sidecar.Processes;

namespace Bots.Sidecar.Control;

/// <summary>What the service has asked to read, and how far it has got, on one socket.</summary>
internal sealed class OutputCursors(ProcessTable processes)
{
    readonly Lock _gate = new();
    readonly Dictionary<string, ToSidecar.Read> _cursors = [];

    public void Set(ToSidecar.Read read)
    {
        // Who starts below what is gone already gets the same window above it.
        var gone = Math.Max(0, (processes.Find(read.Process)?.Output.Acknowledged ?? 0) - read.After);
        lock (_gate) _cursors[read.Process] = read with { After = read.After + gone, UpTo = read.UpTo + gone };
    }

    public void Extend(ToSidecar.Extend extend)
    {
        lock (_gate)
        {
            if (_cursors.TryGetValue(extend.Process, out var cursor) && cursor.Reader == extend.Reader)
                _cursors[extend.Process] = cursor with { UpTo = Math.Max(cursor.UpTo, extend.UpTo) };
        }
    }

    /// <summary>The next output of each process that may be sent; the cursors move past it.</summary>
    public List<ToService.Output> Next()
    {
        lock (_gate)
        {
            var next = new List<ToService.Output>();
            foreach (var cursor in _cursors.Values.ToArray())
            {
                if (processes.Find(cursor.Process)?.Output is not { } log || !log.TryGet(cursor.After, out var entry) || entry.Number > cursor.UpTo) continue;

                _cursors[cursor.Process] = cursor with { After = entry.Number };
                next.Add(new ToService.Output(cursor.Process, cursor.Reader, entry.Number, entry.Kind, entry.Text, entry.Code));
            }

            return next;
        }
    }
}
