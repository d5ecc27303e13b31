using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bots.Sandbox.Linux;

/// <summary>Brings what was written to the disk before something else is built on it.</summary>
public static partial class DurableFiles
{
    // O_DIRECTORY differs between machines; O_CLOEXEC does not, and a folder can be opened for reading without the former.
    const int CloseOnExec = 0x80000;

    /// <summary>Everything that was written to the file system a folder lies on: content, names and all (syncfs(2)). Takes as long as the disk does.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void Flush(string folder)
    {
        using var handle = new SafeFileHandle(Open(folder, CloseOnExec), ownsHandle: true);
        if (handle.IsInvalid || SyncFileSystem(handle) != 0) throw new IOException($"{folder} cannot be brought to the disk: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial nint Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFileSystem(SafeFileHandle handle);
}
