using System.Diagnostics;

namespace Bots.Faults.Inside;

/// <summary>Points of the flow, each with a name. The process passes them, and ends at the one that is armed.</summary>
internal sealed class Failpoints
{
    private volatile Armed? _armed;

    /// <param name="point">A name; <c>before commit</c> or <c>after commit</c> alone for that of any write.</param>
    /// <param name="passes">The pass at which it ends, from 1.</param>
    public void Arm(string point, int passes) => _armed = new Armed(point, passes);

    public void Pass(string point)
    {
        if (_armed is not { } armed || !armed.Is(point) || Interlocked.Decrement(ref armed.Left) != 0) return;
        // Nothing is flushed, closed or told to anybody after this line: SIGKILL.
        Console.Error.WriteLine($"FAILPOINT {point}");
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }

    private sealed class Armed(string point, int passes)
    {
        public int Left = passes;

        public bool Is(string passed) =>
            passed.StartsWith(point, StringComparison.Ordinal) && (passed.Length == point.Length || passed[point.Length] == ' ');
    }
}
