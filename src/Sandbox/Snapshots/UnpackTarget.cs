using System.Formats.Tar;
using System.Runtime.InteropServices;

namespace Bots.Sandbox.Snapshots;

/// <summary>Where an archive is unpacked to. Everything goes into a folder that was made here a moment ago: so no link leads anywhere.</summary>
internal sealed partial class UnpackTarget
{
    const UnixFileMode Ours = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    const uint CharacterDevice = 0x2000;
    readonly string _root;
    readonly HashSet<string> _folders = new(StringComparer.Ordinal) { "" };
    readonly List<(string Path, UnixFileMode Mode, DateTimeOffset Modified)> _made = [];

    public UnpackTarget(string root)
    {
        if (Path.Exists(root)) throw new IOException($"{root} exists already.");
        Directory.CreateDirectory(root, Ours);
        _root = root;
    }

    public async Task Take(PaxTarEntry entry, CancellationToken cancellation)
    {
        var name = ArchiveNames.Decode(entry.Name.TrimEnd('/'));
        var path = Place(name);
        switch (entry.EntryType)
        {
            case TarEntryType.Directory:
                Directory.CreateDirectory(path, Ours);
                foreach (var (attribute, value) in entry.ExtendedAttributes.Where(a => a.Key.StartsWith(FolderArchive.AttributePrefix, StringComparison.Ordinal)))
                {
                    OverlayMarks.Write(path, attribute[FolderArchive.AttributePrefix.Length..], value);
                }

                _folders.Add(name);
                _made.Add((path, entry.Mode, entry.ModificationTime));
                break;
            case TarEntryType.RegularFile:
                await Write(entry, path, cancellation);
                break;
            case TarEntryType.SymbolicLink:
                File.CreateSymbolicLink(path, ArchiveNames.Decode(entry.LinkName));
                break;
            case TarEntryType.CharacterDevice when entry is { DeviceMajor: 0, DeviceMinor: 0 }:
                if (MakeNode(path, CharacterDevice, 0) != 0) throw new IOException($"{path} cannot be made: {Marshal.GetLastPInvokeErrorMessage()}.");
                break;
            default:
                throw new InvalidDataException($"The archive has an entry of a kind that is not ours: {entry.EntryType}.");
        }
    }

    /// <summary>Gives folders their modes and times: only now, since filling them changes the one and may need more than the other.</summary>
    public void Close()
    {
        foreach (var (path, mode, modified) in Enumerable.Reverse(_made))
        {
            Directory.SetLastWriteTimeUtc(path, modified.UtcDateTime);
            File.SetUnixFileMode(path, mode & (UnixFileMode)0x1FF);
        }
    }

    /// <exception cref="InvalidDataException">It would be outside, or somewhere there is something already.</exception>
    string Place(string name)
    {
        var parts = name.Split('/');
        var parent = string.Join('/', parts[..^1]);
        var path = Path.Combine(_root, name);
        var sound = parts.All(part => part is not ("" or "." or "..") && !part.Contains('\0')) && _folders.Contains(parent);
        if (!sound) throw new InvalidDataException($"The archive would write outside of its folder: {name}.");
        if (Path.Exists(path) || new FileInfo(path).LinkTarget is not null) throw new InvalidDataException($"The archive has {name} twice.");
        return path;
    }

    static async Task Write(PaxTarEntry entry, string path, CancellationToken cancellation)
    {
        // Bits that let a program run as somebody else are not taken over.
        var mode = entry.Mode & (UnixFileMode)0x1FF;
        await using (var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous, UnixCreateMode = mode | UnixFileMode.UserWrite,
        }))
        {
            if (entry.DataStream is { } content) await content.CopyToAsync(file, cancellation);
        }

        File.SetLastWriteTimeUtc(path, entry.ModificationTime.UtcDateTime);
        File.SetUnixFileMode(path, mode);
    }

    [LibraryImport("libc", EntryPoint = "mknod", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MakeNode(string path, uint mode, ulong device);
}
