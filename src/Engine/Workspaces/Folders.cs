namespace Bots.Engine.Workspaces;

internal static class Folders
{
    /// <summary>Deletes a folder that sandboxes wrote to, whatever modes they left behind. Links are removed, never followed.</summary>
    public static void Delete(string folder)
    {
        if (!Directory.Exists(folder)) return;
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException && Directory.Exists(folder))
        {
            Open(new DirectoryInfo(folder));
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A folder without write permission keeps what is in it from being removed.</summary>
    private static void Open(DirectoryInfo folder)
    {
        File.SetUnixFileMode(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var inner in folder.EnumerateDirectories().Where(inner => inner.LinkTarget is null)) Open(inner);
    }
}
