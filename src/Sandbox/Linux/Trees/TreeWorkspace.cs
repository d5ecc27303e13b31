using System.Diagnostics;
using System.Globalization;
using Bots.Sandbox.Linux.Disk;

namespace Bots.Sandbox.Linux.Trees;

/// <summary>How a workspace folder holds what differs from its tree.</summary>
internal enum TreeMethod
{
    Overlay,

    /// <summary>
    /// All of the tree, sharing the disk's blocks with it where the file system can (reflinks). Not hard links: the sandbox runs as the
    /// files' owner, so whoever writes into a hard link writes into the tree, and into every other session's workspace.
    /// </summary>
    Copy,
}

/// <summary>The folder of a session's workspace that began as a tree. It goes on as it began, whatever the machine could do meanwhile.</summary>
/// <param name="Bytes">What the copy took on disk when it was new; 0 for an overlay.</param>
internal sealed record TreeWorkspace(string Folder, TreeMethod Method, long Bytes)
{
    const string Begun = "begun";
    const string Partly = "copy.part";

    /// <summary>Where all of it is seen: a mount in the sandbox's own namespace, or the copy.</summary>
    public string Seen => Path.Combine(Folder, Method == TreeMethod.Overlay ? "merged" : "copy");

    /// <summary>What belongs to it alone.</summary>
    public string Own => Path.Combine(Folder, Method == TreeMethod.Overlay ? "upper" : "copy");

    /// <returns>Null when the workspace was not begun with a tree yet.</returns>
    public static TreeWorkspace? Find(string folder)
    {
        var mark = Path.Combine(folder, Begun);
        if (!File.Exists(mark)) return null;

        var words = File.ReadAllText(mark).Split(' ', 2);
        return new TreeWorkspace(folder, Enum.Parse<TreeMethod>(words[0]), long.Parse(words[1], CultureInfo.InvariantCulture));
    }

    /// <summary>For one in which nothing has run yet: it can be begun in another way.</summary>
    public static void Forget(string folder) => File.Delete(Path.Combine(folder, Begun));

    /// <summary>Begins a workspace; what an attempt before left half made is made anew.</summary>
    /// <exception cref="SandboxException">There are files in the folder already, or the tree could not be copied.</exception>
    public static async Task<TreeWorkspace> Begin(string folder, string tree, TreeMethod method, CancellationToken cancellation)
    {
        string[] ours = ["upper", "work", "merged", "copy", Partly];
        AtomicFile.RemoveUnfinished(folder, Begun);
        if (Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Except(ours).Any())
            throw new SandboxException(SandboxFailure.DidNotStart, $"The workspace {folder} has files of its own, so it cannot begin as a prepared tree.");

        foreach (var name in ours.Where(n => Directory.Exists(Path.Combine(folder, n)))) Directory.Delete(Path.Combine(folder, name), recursive: true);
        var bytes = 0L;
        if (method == TreeMethod.Overlay)
        {
            foreach (var name in (string[])["upper", "work", "merged"]) Directory.CreateDirectory(Path.Combine(folder, name));
            // What is seen at the top of the workspace is the upper folder's own mode.
            if (OperatingSystem.IsLinux()) File.SetUnixFileMode(Path.Combine(folder, "upper"), File.GetUnixFileMode(tree));
        }
        else
        {
            await Copy(tree, Path.Combine(folder, Partly), cancellation);
            bytes = DiskUsage.Of(Path.Combine(folder, Partly), long.MaxValue);
            Directory.Move(Path.Combine(folder, Partly), Path.Combine(folder, "copy"));
        }

        var begun = new TreeWorkspace(folder, method, bytes);
        AtomicFile.Write(Path.Combine(folder, Begun), $"{method} {bytes.ToString(CultureInfo.InvariantCulture)}");
        return begun;
    }

    /// <summary>Overlayfs keeps a folder of its own there that not even its owner may look into, or remove with all the rest.</summary>
    public static void Open(string folder)
    {
        var closed = Path.Combine(folder, "work", "work");
        if (OperatingSystem.IsLinux() && Directory.Exists(closed)) File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    static async Task Copy(string from, string to, CancellationToken cancellation)
    {
        using var copy = Process.Start(new ProcessStartInfo("cp", ["--archive", "--reflink=auto", "--no-target-directory", "--", from, to]) { UseShellExecute = false, RedirectStandardError = true })!;
        try
        {
            var error = await copy.StandardError.ReadToEndAsync(cancellation);
            await copy.WaitForExitAsync(cancellation);
            if (copy.ExitCode == 0) return;

            var failure = error.Contains("No space left", StringComparison.Ordinal) ? SandboxFailure.DiskFull : SandboxFailure.DidNotStart;
            throw new SandboxException(failure, $"The prepared tree could not be copied: {error.Trim()}");
        }
        catch (OperationCanceledException)
        {
            copy.Kill();
            throw;
        }
    }
}
