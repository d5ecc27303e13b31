namespace Bots.Sandbox.Snapshots;

/// <summary>What a sandbox left without permissions is ours all the same.</summary>
internal static class OwnFile
{
    const UnixFileMode Enter = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    public static FileStream Read(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (UnauthorizedAccessException)
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead);
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
    }

    public static void Open(string folder, FileFacts facts)
    {
        if ((facts.Mode & Enter) != Enter) File.SetUnixFileMode(folder, facts.Mode | Enter);
    }
}
