namespace Bots.Sandbox.Bubblewrap;

internal static class AtomicFile
{
    /// <summary>Whoever reads it sees the old content or the new, never a part.</summary>
    public static void Write(string path, string content)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        File.WriteAllText(temporary, content);
        File.Move(temporary, path, overwrite: true);
    }
}
