using System.Runtime.InteropServices;

namespace Bots.Sandbox.Linux.Disk;

/// <summary>Work is paid for by the processor time it takes; how long it had to wait for its turn is nobody's cost.</summary>
internal static partial class ThreadTime
{
    const int ThreadClock = 3;

    /// <summary>How long this thread has kept a processor busy (clock_gettime(2)).</summary>
    public static unsafe TimeSpan Now()
    {
        var time = stackalloc long[2];
        return ClockGetTime(ThreadClock, time) == 0 ? TimeSpan.FromSeconds(time[0]) + TimeSpan.FromMicroseconds(time[1] / 1000) : TimeSpan.Zero;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static unsafe partial int ClockGetTime(int clock, long* time);
}
