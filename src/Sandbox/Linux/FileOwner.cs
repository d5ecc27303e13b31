using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Bots.Sandbox.Linux;

/// <summary>Who owns files, and giving them away, which only root can.</summary>
internal static partial class FileOwner
{
    const int CurrentDirectory = -100;
    const int NoFollow = 0x100;
    const uint UserOnly = 0x8;

    /// <summary>This process's effective user and group.</summary>
    public static (uint User, uint Group) Ourselves => (EffectiveUser(), EffectiveGroup());

    /// <summary>
    /// Gives a folder and all in it to a user: links themselves, never what they point to. chown(1) changes the folder last; so one that is the
    /// user's already tells that all in it is, and nothing is done.
    /// </summary>
    /// <exception cref="IOException">It could not be done, or only in part.</exception>
    public static async Task Give(string folder, uint user, uint group, CancellationToken cancellation)
    {
        if (Owner(folder) == user) return;

        var info = new ProcessStartInfo("chown", ["--recursive", "-P", "--no-dereference", "--", $"{user}:{group}", folder]) { UseShellExecute = false, RedirectStandardError = true };
        using var process = Process.Start(info)!;
        try
        {
            var said = await process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            if (process.ExitCode != 0) throw new IOException($"{folder} cannot be given to user {user}: {said.Trim()}");
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>The user a file, or the link of that name, belongs to.</summary>
    internal static unsafe uint Owner(string path)
    {
        StatusBuffer status;
        return Status(CurrentDirectory, path, NoFollow, UserOnly, &status) == 0 ? status.User : throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
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

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static unsafe partial int Status(int directory, string path, int flags, uint mask, StatusBuffer* status);
}
