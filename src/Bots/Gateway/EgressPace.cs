using System.Collections.Concurrent;
using Bots.Sandbox;

namespace Bots.Gateway;

/// <summary>Slows down a sandbox that opens connections without end: each of them is written down.</summary>
internal sealed class EgressPace(TimeProvider time)
{
    /// <summary>As many at once as a package manager opens.</summary>
    public const int Burst = 200;

    /// <summary>Connections of one sandbox that may be open, or wait, at a time.</summary>
    public const int MostOpen = 256;

    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<SandboxId, Pace> _sandboxes = new();

    /// <summary>Takes a place for one connection, when its time has come.</summary>
    /// <returns>Gives the place back when disposed; null when all are taken.</returns>
    public async Task<IDisposable?> Enter(SandboxId sandbox, CancellationToken cancellation)
    {
        var pace = _sandboxes.GetOrAdd(sandbox, _ => new Pace());
        if (pace.Take(time.GetUtcNow()) is not { } wait) return null;
        try
        {
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellation);
            return pace;
        }
        catch
        {
            pace.Dispose();
            throw;
        }
    }

    private sealed class Pace : IDisposable
    {
        private readonly Lock _lock = new();
        private DateTimeOffset _next;
        private int _open;

        /// <returns>How long to wait; null when there is no place.</returns>
        public TimeSpan? Take(DateTimeOffset now)
        {
            lock (_lock)
            {
                if (_open >= MostOpen) return null;
                _open++;
                // Unused time is saved up, as far as a burst needs it.
                var earliest = now - (Burst * Interval);
                _next = (_next > earliest ? _next : earliest) + Interval;
                return _next - now;
            }
        }

        public void Dispose()
        {
            lock (_lock) _open--;
        }
    }
}
