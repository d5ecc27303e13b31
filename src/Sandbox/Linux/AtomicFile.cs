using System.Text;

namespace Bots.Sandbox.Linux;

internal static class AtomicFile
{
    /// <summary>Whoever reads it sees the old content or the new, never a part; after a power failure too.</summary>
    public static void Write(string path, string content) => Write(path, Encoding.UTF8.GetBytes(content));

    public static void Write(string path, byte[] content)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Removes what a killed process had begun to write. Nobody may be writing there now.</summary>
    /// <param name="names">Of which files; with <c>*</c> for any.</param>
    public static void RemoveUnfinished(string directory, string names)
    {
        if (!Directory.Exists(directory)) return;
        foreach (var unfinished in Directory.EnumerateFiles(directory, $"{names}.*.tmp")) File.Delete(unfinished);
    }
}
