using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bots.Sidecar.Processes;

/// <summary>A pseudo-terminal, as in pty(7): we hold the end where the screen and the keys are.</summary>
internal sealed partial class PseudoTerminal : IDisposable
{
    const int ReadWrite = 2;
    const int NoControllingTerminal = 0x100;
    const int NonBlocking = 0x800;
    const int CloseOnExec = 0x80000;
    const nuint SetWindowSize = 0x5414;
    const short PollIn = 1;
    const int TryAgain = 11;
    const int Interrupted = 4;

    /// <summary>How soon a wait notices that the terminal was closed.</summary>
    const int PatienceMilliseconds = 250;

    /// <summary>How soon a terminal that was full is tried again.</summary>
    static readonly TimeSpan FullInterval = TimeSpan.FromMilliseconds(20);

    readonly SafeFileHandle _master;
    readonly SafeFileHandle _slave;
    volatile bool _closed;

    PseudoTerminal(SafeFileHandle master, SafeFileHandle slave, string name)
    {
        _master = master;
        _slave = slave;
        Name = name;
    }

    /// <summary>The path of the program's end.</summary>
    public string Name { get; }

    /// <exception cref="IOException">This sandbox has none to give.</exception>
    public static unsafe PseudoTerminal Open()
    {
        var master = new SafeFileHandle(OpenMaster(ReadWrite | NoControllingTerminal | NonBlocking | CloseOnExec), ownsHandle: true);
        var name = stackalloc byte[64];
        if (master.IsInvalid || Grant(master) != 0 || Unlock(master) != 0 || NameOf(master, name, 64) != 0)
        {
            var reason = new Win32Exception(Marshal.GetLastPInvokeError()).Message;
            master.Dispose();
            throw new IOException($"No terminal could be opened: {reason}");
        }

        // Held until the program has ended: whenever nobody holds that end, reading from ours fails.
        var path = Marshal.PtrToStringUTF8((nint)name)!;
        return new PseudoTerminal(master, File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite), path);
    }

    public unsafe void Resize(int columns, int rows)
    {
        ReadOnlySpan<ushort> size = [(ushort)Math.Clamp(rows, 1, 4096), (ushort)Math.Clamp(columns, 1, 4096), 0, 0];
        fixed (ushort* start = size) _ = Control(_master, SetWindowSize, start);
    }

    /// <returns>0 when nobody holds the other end any more, and all was read.</returns>
    public unsafe int Read(byte[] buffer)
    {
        while (!_closed)
        {
            nint read;
            fixed (byte* start = buffer) read = Read(_master, start, buffer.Length);
            if (read > 0) return (int)read;
            if (read == 0 || !Await()) return 0;
        }

        return 0;
    }

    /// <summary>While its program does not read, a terminal takes a few thousand keys; the rest waits, and holds no thread.</summary>
    /// <exception cref="IOException">It was closed.</exception>
    public async Task Write(ReadOnlyMemory<byte> bytes, TimeProvider time)
    {
        while (!bytes.IsEmpty)
        {
            if (TryWrite(bytes.Span) is > 0 and var written) bytes = bytes[written..];
            else if (_closed || Marshal.GetLastPInvokeError() is not (TryAgain or Interrupted)) throw new IOException("The terminal is closed.");
            else await Task.Delay(FullInterval, time);
        }
    }

    /// <summary>Our hold on the program's end: without it, the terminal ends as soon as nothing else holds it.</summary>
    public void Release() => _slave.Dispose();

    public void Dispose()
    {
        _closed = true;
        _slave.Dispose();
        _master.Dispose();
    }

    unsafe int TryWrite(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes) return (int)Write(_master, start, bytes.Length);
    }

    /// <returns>False when the last call failed for good.</returns>
    unsafe bool Await()
    {
        if (Marshal.GetLastPInvokeError() is not (TryAgain or Interrupted)) return false;

        var held = false;
        try
        {
            _master.DangerousAddRef(ref held);
            var request = new PollRequest { Descriptor = (int)_master.DangerousGetHandle(), Events = PollIn };
            _ = Poll(&request, 1, PatienceMilliseconds);
            return true;
        }
        finally
        {
            if (held) _master.DangerousRelease();
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    struct PollRequest
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial int OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static partial int Grant(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static partial int Unlock(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    private static unsafe partial int NameOf(SafeFileHandle master, byte* name, nuint length);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static unsafe partial int Control(SafeFileHandle master, nuint request, ushort* argument);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static unsafe partial nint Read(SafeFileHandle file, byte* start, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static unsafe partial nint Write(SafeFileHandle file, byte* start, nint length);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static unsafe partial int Poll(PollRequest* requests, nuint count, int milliseconds);
}
