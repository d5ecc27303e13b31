using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bots.Sandbox.Linux;

/// <summary>A handle on one process (pidfd_open(2)): unlike its number, it never comes to mean another process.</summary>
internal sealed partial class PidFd : SafeHandleMinusOneIsInvalid
{
    const int PidFdSendSignal = 424;
    const int PidFdOpen = 434;
    const short PollIn = 1;
    const int Killed = 9;

    PidFd(int descriptor) : base(ownsHandle: true) => SetHandle(descriptor);

    /// <returns>Null when there is no such process.</returns>
    public static PidFd? Open(int process)
    {
        var descriptor = (int)Syscall(PidFdOpen, process, 0, 0, 0);
        return descriptor < 0 ? null : new PidFd(descriptor);
    }

    /// <summary>Ends the process by force; that it has ended already is no error.</summary>
    public void Kill() => _ = Syscall(PidFdSendSignal, handle, Killed, 0, 0);

    /// <summary>Waits until the process has ended. For the first process of a pid namespace that is when all others in there have.</summary>
    /// <returns>False when it has not within the time given.</returns>
    public Task<bool> WaitForEnd(TimeSpan timeout) =>
        Task.Factory.StartNew(() => Wait(timeout), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    protected override bool ReleaseHandle() => Close((int)handle) == 0;

    unsafe bool Wait(TimeSpan timeout)
    {
        var poll = new PollRequest { Descriptor = (int)handle, Events = PollIn };
        return Poll(&poll, 1, (int)timeout.TotalMilliseconds) > 0;
    }

    [StructLayout(LayoutKind.Sequential)]
    struct PollRequest
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Syscall(nint number, nint first, nint second, nint third, nint fourth);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static unsafe partial int Poll(PollRequest* requests, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
