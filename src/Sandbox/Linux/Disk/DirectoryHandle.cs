using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Bots.Sandbox.Linux.Disk;

/// <summary>
/// An open directory. All below it is reached through it, with no link followed and no mount crossed, so that whoever moves things about
/// in there meanwhile cannot lead us elsewhere.
/// </summary>
internal sealed unsafe partial class DirectoryHandle : SafeHandleMinusOneIsInvalid
{
    const int OpenAt2 = 437;
    const int Current = -100;

    // O_NONBLOCK, since a pipe in the directory's place must not hold us up, and O_CLOEXEC; the same on every machine.
    const ulong OpenFlags = 0x80800;

    // RESOLVE_NO_XDEV, _NO_MAGICLINKS, _NO_SYMLINKS, _BENEATH.
    const ulong StayBelow = 0xF;
    const int NameTooLong = 36;

    DirectoryHandle(int descriptor) : base(ownsHandle: true) => SetHandle(descriptor);

    /// <returns>Null when there is none.</returns>
    public static DirectoryHandle? Open(string path) => Open(Current, Encoding.UTF8.GetBytes(path + '\0'), 0, out _);

    /// <param name="path">Ends with a zero.</param>
    /// <param name="tooDeep">True when it is so far down that no path reaches it.</param>
    /// <returns>Null when it is gone, closed to us, or not a directory below this one.</returns>
    public DirectoryHandle? OpenBelow(byte[] path, out bool tooDeep) => Open((int)handle, path, StayBelow, out tooDeep);

    /// <summary>What is in it, in pieces.</summary>
    /// <param name="buffer">Filled with <c>struct linux_dirent64</c>s.</param>
    /// <returns>Bytes filled; 0 at the end, and when it cannot be read.</returns>
    public int Read(Span<byte> buffer)
    {
        fixed (byte* to = buffer) return Math.Max((int)Syscall(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 217 : 61, handle, (nint)to, buffer.Length, 0), 0);
    }

    /// <param name="name">Ends with a zero. A link is itself, not what it leads to.</param>
    /// <returns>Null when it is gone.</returns>
    public FileFacts? Look(ReadOnlySpan<byte> name) => Look((int)handle, name, follow: false);

    /// <param name="path">A link is what it leads to.</param>
    public static FileFacts? Look(string path) => Look(Current, Encoding.UTF8.GetBytes(path + '\0'), follow: true);

    protected override bool ReleaseHandle() => Close((int)handle) == 0;

    static DirectoryHandle? Open(int from, byte[] path, ulong resolve, out bool tooDeep)
    {
        var how = stackalloc ulong[] { OpenFlags, 0, resolve };
        fixed (byte* name = path)
        {
            var descriptor = (int)Syscall(OpenAt2, from, (nint)name, (nint)how, 3 * sizeof(ulong));
            tooDeep = descriptor < 0 && Marshal.GetLastPInvokeError() == NameTooLong;
            return descriptor < 0 ? null : new DirectoryHandle(descriptor);
        }
    }

    static FileFacts? Look(int from, ReadOnlySpan<byte> name, bool follow)
    {
        const int noFollow = 0x100, noAutomount = 0x800;
        const uint type = 0x1, links = 0x4, number = 0x100, blocks = 0x400;
        Span<byte> found = stackalloc byte[256];
        fixed (byte* path = name)
        fixed (byte* to = found)
        {
            if (Statx(from, path, follow ? noAutomount : noAutomount | noFollow, type | links | number | blocks, to) != 0) return null;
        }

        // struct statx of statx(2).
        return new FileFacts(
            BinaryPrimitives.ReadUInt16LittleEndian(found[28..]) & 0xF000, BinaryPrimitives.ReadUInt32LittleEndian(found[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(found[48..]) * 512, BinaryPrimitives.ReadUInt64LittleEndian(found[136..]), BinaryPrimitives.ReadUInt64LittleEndian(found[32..]));
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(nint number, nint first, nint second, nint third, nint fourth);

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int Statx(int from, byte* path, int flags, uint mask, byte* found);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}

/// <param name="Type">One of S_IFMT's.</param>
/// <param name="Links">How many names it has.</param>
/// <param name="Bytes">What it takes on disk.</param>
/// <param name="Device">With <paramref name="Number"/>, which file it is.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileFacts(int Type, uint Links, long Bytes, ulong Device, ulong Number)
{
    public bool IsDirectory => Type == 0x4000;

    public bool IsFile => Type == 0x8000;
}
