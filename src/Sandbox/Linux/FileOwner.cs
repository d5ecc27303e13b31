using System.Runtime.InteropServices;

namespace Bots.Sandbox.Linux;

/// <summary>Who owns files, and giving them away (chown(2)).</summary>
internal static partial class FileOwner
{
    const int CurrentDirectory = -100;
    const int NoFollow = 0x100;
    const uint UserAndGroup = 0x18;

    /// <summary>This process's effective user and group.</summary>
    public static (uint User, uint Group) Ourselves => (EffectiveUser(), EffectiveGroup());

    /// <summary>
    /// Gives a folder and all in it to a user, links themselves rather than what they point to. The folder comes last, so that one that
    /// is the user's already tells that all in it is, and nothing is done.
    /// </summary>
    /// <exception cref="IOException">Only root can.</exception>
    public static void Give(string folder, uint user, uint group)
    {
        if (Owns(folder, user)) return;

        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };
        foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", all)) Change(path, user, group);
        Change(folder, user, group);
    }

    static void Change(string path, uint user, uint group)
    {
        if (ChangeOwner(path, user, group) != 0) throw new IOException($"{path} cannot be given to user {user}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    static unsafe bool Owns(string path, uint user)
    {
        StatusBuffer status;
        if (Status(CurrentDirectory, path, NoFollow, UserAndGroup, &status) != 0) throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
        return status.User == user;
    }

    /// <summary>The start of <c>struct statx</c>, which is the same on all machines.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    struct StatusBuffer
    {
        [FieldOffset(20)]
        public uint User;
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint EffectiveGroup();

    [LibraryImport("libc", EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static unsafe partial int Status(int directory, string path, int flags, uint mask, StatusBuffer* status);
}
