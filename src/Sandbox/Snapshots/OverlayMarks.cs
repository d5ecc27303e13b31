using System.Runtime.InteropServices;
using System.Text;

namespace Bots.Sandbox.Snapshots;

/// <summary>The attributes by which an overlay knows that a folder hides the one below it, or is another one renamed.</summary>
internal static partial class OverlayMarks
{
    /// <summary>An overlay mounted by root keeps them under <c>trusted</c>, one mounted by anybody else under <c>user</c>.</summary>
    static readonly string[] Names = ["trusted.overlay.opaque", "trusted.overlay.redirect", "user.overlay.opaque", "user.overlay.redirect"];

    public static IEnumerable<KeyValuePair<string, string>> Read(string folder)
    {
        foreach (var name in Names)
        {
            if (Get(folder, name) is { } value) yield return KeyValuePair.Create(name, value);
        }
    }

    /// <exception cref="InvalidDataException">It is none of these attributes.</exception>
    /// <exception cref="IOException">It could not be set.</exception>
    public static void Write(string folder, string name, string value)
    {
        if (!Names.Contains(name, StringComparer.Ordinal)) throw new InvalidDataException($"The archive has an attribute that is not ours: {name}.");
        var bytes = Encoding.UTF8.GetBytes(value);
        if (Set(folder, name, bytes, (nuint)bytes.Length, 0) != 0) throw new IOException($"{name} of {folder} cannot be set: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    static string? Get(string folder, string name)
    {
        var buffer = new byte[4096];
        var length = Get(folder, name, buffer, (nuint)buffer.Length);
        return length < 0 ? null : Encoding.UTF8.GetString(buffer, 0, (int)length);
    }

    [LibraryImport("libc", EntryPoint = "lgetxattr", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial nint Get(string path, string name, byte[] value, nuint size);

    [LibraryImport("libc", EntryPoint = "lsetxattr", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Set(string path, string name, byte[] value, nuint size, int flags);
}
