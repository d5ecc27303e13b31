using System.Runtime.InteropServices;

namespace Bots.Sandbox.Snapshots;

internal enum FileKind
{
    Folder,
    File,
    Link,

    /// <summary>An overlay's mark that the file of this name in the tree below is gone.</summary>
    Deleted,

    Other,
}

/// <summary>What the kernel says of a path itself, links not followed (statx(2)).</summary>
/// <param name="Length">Of a file, with its holes.</param>
internal sealed partial record FileFacts(FileKind Kind, UnixFileMode Mode, DateTimeOffset Modified, long Length)
{
    const int CurrentDirectory = -100;
    const int NoFollow = 0x100;
    const uint BasicStats = 0x7ff;
    const int TypeMask = 0xF000;

    /// <exception cref="IOException">There is no such path, or it may not be looked at.</exception>
    public static unsafe FileFacts Of(string path)
    {
        var buffer = default(Statx);
        if (Stat(CurrentDirectory, path, NoFollow, BasicStats, &buffer) != 0)
            throw new IOException($"{path} cannot be looked at: {Marshal.GetLastPInvokeErrorMessage()}.");
        var kind = (buffer.Mode & TypeMask) switch
        {
            0x4000 => FileKind.Folder,
            0x8000 => FileKind.File,
            0xA000 => FileKind.Link,
            0x2000 when buffer is { DeviceMajor: 0, DeviceMinor: 0 } => FileKind.Deleted,
            _ => FileKind.Other,
        };
        // Bits that let a program run as somebody else are not kept.
        return new FileFacts(kind, (UnixFileMode)(buffer.Mode & 0x1FF), Time(buffer.Modified, buffer.ModifiedNanoseconds), buffer.Length);
    }

    /// <summary>File systems know times that .NET does not: they become the nearest it knows.</summary>
    static DateTimeOffset Time(long seconds, uint nanoseconds) =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds() - 1)).AddTicks(nanoseconds / 100);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static unsafe partial int Stat(int directory, string path, int flags, uint mask, Statx* buffer);

    /// <summary>The parts we read of the kernel's struct, which is the same on every machine.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    struct Statx
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(40)]
        public long Length;

        [FieldOffset(112)]
        public long Modified;

        [FieldOffset(120)]
        public uint ModifiedNanoseconds;

        [FieldOffset(128)]
        public uint DeviceMajor;

        [FieldOffset(132)]
        public uint DeviceMinor;
    }
}
