using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace Bots.Sidecar;

/// <summary>The few system calls .NET has no name for. All of them are Linux's.</summary>
internal static partial class Native
{
    public const int Terminate = 15;
    public const int HangUp = 1;
    public const int ForceKill = 9;
    const int SetDumpable = 4;

    /// <summary>
    /// Closes <c>/proc/self</c> to the other processes of this sandbox, which run as the same user: they could read our
    /// environment and memory, and write through our open files, otherwise. A child's own exec undoes it for the child.
    /// </summary>
    public static void HideFromSandbox() => _ = PrCtl(SetDumpable, 0, 0, 0, 0);

    /// <summary>Sends a signal; that the process is gone already is no error.</summary>
    public static void Signal(int process, int signal) => _ = Kill(process, signal);

    /// <summary>
    /// Overwrites a variable's value where the kernel put it when we were started: .NET works on a copy, and that place is what
    /// <c>/proc/self/environ</c> shows.
    /// </summary>
    public static unsafe void WipeVariable(string name)
    {
        for (var value = GetVariable(name); value is not null && *value != 0; value++) *value = (byte)'x';
    }

    public static unsafe void WriteToStandardOutput(ReadOnlySpan<byte> text)
    {
        fixed (byte* start = text) _ = Write(1, start, text.Length);
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int PrCtl(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial byte* GetVariable(string name);

    [LibraryImport("libc", EntryPoint = "write")]
    private static unsafe partial nint Write(int file, byte* start, nint length);
}
