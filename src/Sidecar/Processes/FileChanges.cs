using System.IO.Enumeration;

namespace Bots.Sidecar.Processes;

/// <summary>
/// When something in a folder last changed, from the times of its files and folders, the upper ones first. What is below
/// <c>.git</c> and <c>node_modules</c> is passed over: a change there shows in the folder itself. Bounded, since a workspace may hold
/// hundreds of thousands of files.
/// </summary>
internal static class FileChanges
{
    const int MostEntries = 100_000;
    static readonly TimeSpan MostTime = TimeSpan.FromMilliseconds(500);

    /// <summary>Links are not followed, and folders that cannot be read are empty.</summary>
    static readonly EnumerationOptions Flat = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };

    /// <returns>All is false when there was more than was looked at. Times to come are passed over: they say nothing.</returns>
    public static (DateTimeOffset? Last, bool All) Last(string root, TimeProvider time)
    {
        var start = time.GetTimestamp();
        var now = time.GetUtcNow();
        DateTimeOffset? last = null;
        var left = MostEntries;
        var folders = new Queue<string>([root]);
        while (folders.TryDequeue(out var folder))
        {
            try
            {
                foreach (var (path, changed) in Entries(folder))
                {
                    if (changed <= now && (last is null || changed > last)) last = changed;
                    if (path is not null) folders.Enqueue(path);
                    if (--left == 0 || (left % 1024 == 0 && time.GetElapsedTime(start) > MostTime)) return (last, false);
                }
            }
            catch (IOException)
            {
                // It was removed meanwhile, and the folder that held it says when.
                continue;
            }
        }

        return (last, true);
    }

    static FileSystemEnumerable<(string? Folder, DateTimeOffset Changed)> Entries(string folder) => new(
        folder,
        (ref FileSystemEntry entry) => (Enters(ref entry) ? entry.ToFullPath() : null, entry.LastWriteTimeUtc),
        Flat);

    static bool Enters(ref FileSystemEntry entry) =>
        entry.IsDirectory && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && entry.FileName is not (".git" or "node_modules");
}
