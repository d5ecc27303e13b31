using System.Collections.Concurrent;
using Bots.Sandbox;

namespace Bots.Gateway;

/// <summary>Slows down a sandbox that asks for something without end: each time is written down.</summary>
/// <param name="burst">How many may come at once.</param>
/// <param name="mostOpen">How many of one sandbox may be under way, or wait, at a time.</param>
/// <param name="interval">Between two, beyond the burst.</param>
internal abstract class SandboxPace(TimeProvider time, int burst, int mostOpen, TimeSpan interval)
{
    private readonly ConcurrentDictionary<SandboxId, Pace> _sandboxes = new();

    /// <summary>Takes a place, when its time has come.</summary>
    /// <returns>Gives the place back when disposed; null when all are taken.</returns>
    public async Task<IDisposable?> Enter(SandboxId sandbox, CancellationToken cancellation)
    {
        var pace = _sandboxes.GetOrAdd(sandbox, _ => new Pace(burst, mostOpen, interval));
        if (pace.Take(time.GetElapsedTime(0)) is not { } wait) return null;
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

    private sealed class Pace(int burst, int mostOpen, TimeSpan interval) : IDisposable
    {
        private readonly Lock _lock = new();
        private TimeSpan _next = TimeSpan.MinValue;
        private int _open;

        /// <param name="now">By a clock nobody can set: a sandbox does not wait until a wrong one is right.</param>
        /// <returns>How long to wait; null when there is no place.</returns>
        public TimeSpan? Take(TimeSpan now)
        {
            lock (_lock)
            {
                if (_open >= mostOpen) return null;
                _open++;
                // Unused time is saved up, as far as a burst needs it.
                var earliest = now - (burst * interval);
                _next = (_next > earliest ? _next : earliest) + interval;
                return _next - now;
            }
        }

        public void Dispose()
        {
            lock (_lock) _open--;
        }
    }
}
