using System.Text;

namespace Bots.Sandbox.Linux;

internal static class AtomicFile
{
    /// <summary>Whoever reads it sees the old content or the new, never a part.</summary>
    public static void Write(string path, string content) => Write(path, Encoding.UTF8.GetBytes(content));

    public static void Write(string path, byte[] content)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        File.WriteAllBytes(temporary, content);
        File.Move(temporary, path, overwrite: true);
    }
}
