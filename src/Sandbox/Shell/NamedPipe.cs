using System.ComponentModel;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bots.Sandbox.Shell;

/// <summary>fifo(7): a pipe with a name, which a program opens like a file. .NET's own named pipes are sockets.</summary>
internal static partial class NamedPipe
{
    const uint OwnerOnly = 0x180;
    const int WriteOnly = 1;
    const int ReadWrite = 2;
    const int CloseOnExec = 0x80000;

    /// <summary>Makes a pipe and opens both its ends, so that nobody who opens one of them by its name has to wait for the other.</summary>
    public static (PipeStream Reading, PipeStream Writing) Create(string path)
    {
        if (Make(path, OwnerOnly) != 0) throw new IOException($"No pipe could be made at {path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

        // With both ends in one hand, opening either does not wait.
        using var both = Open(path, ReadWrite);
        return (new AnonymousPipeClientStream(PipeDirection.In, Open(path, 0)), new AnonymousPipeClientStream(PipeDirection.Out, Open(path, WriteOnly)));
    }

    static SafePipeHandle Open(string path, int mode)
    {
        var descriptor = Open(path, mode | CloseOnExec, 0);
        return descriptor >= 0
            ? new SafePipeHandle(descriptor, ownsHandle: true)
            : throw new IOException($"The pipe {path} could not be opened: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Make(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, uint mode);
}
