using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace Bots.Sandbox.Snapshots;

/// <summary>
/// A folder that a sandbox wrote to, as one file: a gzipped tar. What is in there is not trusted: links are stored as links and never
/// followed, and nothing an archive says can leave the folder it is unpacked to. Overlay file systems mark what was deleted by
/// character devices and attributes; those are kept. Sockets, pipes and other devices are left out; hard links become files of their own.
/// </summary>
public static class FolderArchive
{
    internal const string AttributePrefix = "SCHILY.xattr.";

    /// <param name="folder">Nobody may write to it meanwhile.</param>
    /// <param name="file">Made; must not exist. Left behind half-written when this fails.</param>
    /// <param name="most">Bytes the files may have when they are unpacked, where holes are filled and hard links files of their own.</param>
    /// <exception cref="FolderTooLargeException">They have more. Nothing was written.</exception>
    /// <exception cref="IOException">Something could not be read or written.</exception>
    public static async Task Pack(string folder, string file, long most, CancellationToken cancellation)
    {
        var left = most;
        foreach (var (_, facts) in Walk(folder).Where(found => found.Facts.Kind == FileKind.File))
        {
            cancellation.ThrowIfCancellationRequested();
            if ((left -= facts.Length) < 0) throw new FolderTooLargeException(folder, most);
        }

        await using var output = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
        await using var gzip = new GZipStream(output, CompressionLevel.Fastest);
        await using var tar = new TarWriter(gzip, TarEntryFormat.Pax);
        foreach (var (path, facts) in Walk(folder))
        {
            cancellation.ThrowIfCancellationRequested();
            if (Entry(path, ArchiveNames.Encode(Path.GetRelativePath(folder, path)), facts) is not { } entry) continue;
            await using var content = facts.Kind == FileKind.File ? OwnFile.Read(path) : null;
            if (content is not null) entry.DataStream = content;
            await tar.WriteEntryAsync(entry, cancellation);
        }
    }

    /// <exception cref="InvalidDataException">It could not be unpacked.</exception>
    public static async Task Check(string file, CancellationToken cancellation)
    {
        await foreach (var entry in Entries(file, cancellation)) _ = ArchiveNames.Decode(entry.Name);
    }

    /// <param name="folder">Made; must not exist. Left behind half-written when this fails.</param>
    /// <exception cref="InvalidDataException">It is no such archive, or one that would write elsewhere.</exception>
    /// <exception cref="IOException">Something could not be read or written.</exception>
    public static async Task Unpack(string file, string folder, CancellationToken cancellation)
    {
        var target = new UnpackTarget(folder);
        await foreach (var entry in Entries(file, cancellation)) await target.Take(entry, cancellation);
        target.Close();
    }

    static async IAsyncEnumerable<PaxTarEntry> Entries(string file, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var input = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using var gzip = new GZipStream(input, CompressionMode.Decompress);
        await using var tar = new TarReader(gzip);
        while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            yield return entry as PaxTarEntry ?? throw new InvalidDataException($"The archive has an entry in a format that is not ours: {entry.Format}.");
        }
    }

    /// <summary>A folder comes before what is in it.</summary>
    static IEnumerable<(string Path, FileFacts Facts)> Walk(string folder)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal))
        {
            var facts = FileFacts.Of(path);
            if (facts.Kind == FileKind.Other) continue;
            yield return (path, facts);
            if (facts.Kind != FileKind.Folder) continue;
            OwnFile.Open(path, facts);
            foreach (var inner in Walk(path)) yield return inner;
        }
    }

    static PaxTarEntry? Entry(string path, string name, FileFacts facts) => facts.Kind switch
    {
        FileKind.Folder => new PaxTarEntry(TarEntryType.Directory, name, OverlayMarks.Read(path).ToDictionary(mark => AttributePrefix + mark.Key, mark => mark.Value))
        {
            Mode = facts.Mode, ModificationTime = facts.Modified,
        },
        FileKind.File => new PaxTarEntry(TarEntryType.RegularFile, name) { Mode = facts.Mode, ModificationTime = facts.Modified },
        FileKind.Link => new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = ArchiveNames.Encode(new FileInfo(path).LinkTarget!), ModificationTime = facts.Modified },
        FileKind.Deleted => new PaxTarEntry(TarEntryType.CharacterDevice, name) { DeviceMajor = 0, DeviceMinor = 0, ModificationTime = facts.Modified },
        _ => null,
    };
}
