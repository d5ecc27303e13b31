using System.Buffers.Binary;

namespace Bots.Sandbox.Linux.Disk;

/// <summary>How much room files take that somebody else may be changing meanwhile.</summary>
internal static class DiskUsage
{
    const int HeaderSize = 19;
    const int BufferSize = 64 * 1024;

    /// <summary>What the smallest file counts as, in bytes: a file system runs out of files as well as of room.</summary>
    const long Least = 8 * 1024;

    /// <summary>Bytes on disk below a folder, at least 8 KiB for each file: holes and what lies behind links or other mounts are not counted, a file with several names once in all.</summary>
    /// <param name="enough">Counting ends when there is more.</param>
    /// <returns><see cref="long.MaxValue"/> when folders are nested so deeply that they cannot be looked at; 0 when there is no such folder.</returns>
    public static long Of(string folder, long enough)
    {
        using var root = DirectoryHandle.Open(folder);
        if (root is null) return 0;

        var buffer = new byte[BufferSize];
        var folders = new Stack<byte[]>();
        folders.Push("."u8.ToArray());
        var total = 0L;
        while (folders.TryPop(out var path))
        {
            using var directory = root.OpenBelow([.. path, 0], out var tooDeep);
            if (tooDeep) return long.MaxValue;
            if (directory is null) continue;

            int filled;
            while ((filled = directory.Read(buffer)) > 0)
            {
                total += Sum(directory, buffer.AsSpan(0, filled), path, folders);
                if (total > enough) return total;
            }
        }

        return total;
    }

    static long Sum(DirectoryHandle directory, ReadOnlySpan<byte> entries, byte[] path, Stack<byte[]> folders)
    {
        var sum = 0L;
        while (!entries.IsEmpty)
        {
            // struct linux_dirent64 of getdents(2): inode, offset, length of all, type, name.
            var length = BinaryPrimitives.ReadUInt16LittleEndian(entries[16..]);
            var name = entries[HeaderSize..length];
            name = name[..(name.IndexOf((byte)0) + 1)];
            entries = entries[length..];
            if (name is [(byte)'.', 0] or [(byte)'.', (byte)'.', 0] || directory.Look(name) is not { } found) continue;

            var bytes = Math.Max(found.Bytes, Least);
            sum += found.IsDirectory ? bytes : bytes / Math.Max(found.Links, 1);
            if (found.IsDirectory) folders.Push([.. path, (byte)'/', .. name[..^1]]);
        }

        return sum;
    }
}
