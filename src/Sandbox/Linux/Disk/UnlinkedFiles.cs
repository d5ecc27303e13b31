namespace Bots.Sandbox.Linux.Disk;

/// <summary>Files without a name that take room for as long as a process has them open.</summary>
internal static class UnlinkedFiles
{
    const string Deleted = " (deleted)";

    /// <param name="folders">As the processes see them.</param>
    /// <returns>Bytes on disk of files that were deleted from these folders and are open in these processes.</returns>
    public static long Bytes(IEnumerable<int> processes, IReadOnlyList<string> folders)
    {
        HashSet<(ulong, ulong)> seen = [];
        return processes.SelectMany(OpenFiles).Where(f => IsDeletedFrom(folders, f)).Select(DirectoryHandle.Look)
            .Sum(found => found is { IsFile: true, Links: 0 } file && seen.Add((file.Device, file.Number)) ? file.Bytes : 0);
    }

    static IReadOnlyList<string> OpenFiles(int process)
    {
        try
        {
            return Directory.GetFileSystemEntries($"/proc/{process}/fd");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    static bool IsDeletedFrom(IReadOnlyList<string> folders, string file)
    {
        try
        {
            return File.ResolveLinkTarget(file, returnFinalTarget: false)?.FullName is { } path
                && path.EndsWith(Deleted, StringComparison.Ordinal) && folders.Any(f => path.StartsWith(f + "/", StringComparison.Ordinal));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
