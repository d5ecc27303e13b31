namespace Bots.Sandbox.Tests.Support;

/// <summary>Everything on this machine that bears a name: how one finds out that nothing was left behind.</summary>
internal static class HostTraces
{
    static readonly string[] Places = [Path.GetTempPath(), "/dev/shm", "/run/user"];

    /// <returns>One line for each trace, of any of the names; empty when there is none.</returns>
    public static IReadOnlyList<string> Of(IReadOnlyCollection<string> names) =>
        [.. new[] { Processes(names), Mounts(names), Groups(names), Sockets(names), Files(names) }.SelectMany(found => found).Distinct()];

    static IEnumerable<string> Processes(IReadOnlyCollection<string> names) =>
        from process in Numbered()
        let seen = Read(process, "cmdline") + Read(process, "environ") + Read(process, "cgroup")
        where Names(names, seen)
        select $"process {Path.GetFileName(process)}: {Read(process, "cmdline").Replace('\0', ' ')}";

    /// <summary>Of every mount namespace: one that nobody but a forgotten process is in has its mounts, too.</summary>
    static IEnumerable<string> Mounts(IReadOnlyCollection<string> names) =>
        from process in Numbered()
        from line in Read(process, "mountinfo").Split('\n')
        where Names(names, line)
        select $"mount: {line}";

    static IEnumerable<string> Groups(IReadOnlyCollection<string> names) =>
        from folder in Below("/sys/fs/cgroup", directories: true)
        where Names(names, Path.GetFileName(folder))
        select $"cgroup: {folder}";

    static IEnumerable<string> Sockets(IReadOnlyCollection<string> names) =>
        from line in File.ReadAllLines("/proc/net/unix")
        where Names(names, line)
        select $"socket: {line}";

    static IEnumerable<string> Files(IReadOnlyCollection<string> names) =>
        from place in Places
        from path in Below(place, directories: false)
        where Names(names, path)
        select $"file: {path}";

    static IEnumerable<string> Below(string place, bool directories)
    {
        if (!Directory.Exists(place)) return [];
        var all = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint, MaxRecursionDepth = 5 };
        return directories ? Directory.EnumerateDirectories(place, "*", all) : Directory.EnumerateFileSystemEntries(place, "*", all);
    }

    static bool Names(IReadOnlyCollection<string> names, string text) => names.Any(name => text.Contains(name, StringComparison.Ordinal));

    static IEnumerable<string> Numbered() => Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _));

    static string Read(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
