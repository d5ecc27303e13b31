using Bots.Sandbox.Bubblewrap;

namespace Bots.Sandbox.Shell;

/// <summary>What bwrap is told, and what it runs.</summary>
internal static class JailArguments
{
    /// <summary>Bytes that each folder kept in memory may hold.</summary>
    const string MemoryFiles = "536870912";
    static readonly string[] HostEtc = ["/etc/ssl/certs", "/etc/alternatives", "/etc/ld.so.cache"];

    static readonly Dictionary<string, string> Usual = new()
    {
        ["HOME"] = SandboxLayout.Home,
        ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ["USER"] = "agent",
        ["LANG"] = "C.UTF-8",
        ["TMPDIR"] = "/tmp",
    };

    /// <param name="folder">Ours, with the scripts; the jail sees it read-only, and opens pipes in it.</param>
    public static IReadOnlyList<string> For(JailedShellOptions options, JailFolder folder)
    {
        var user = $"{SandboxLayout.User}";
        List<string> arguments = [.. BubblewrapArguments.Isolation, "--uid", user, "--gid", user, "--hostname", "jail"];
        foreach (var (name, value) in Usual.Where(u => !options.Environment.ContainsKey(u.Key)).Concat(options.Environment)) arguments.AddRange(["--setenv", name, value]);

        arguments.AddRange(["--ro-bind", "/usr", "/usr"]);
        foreach (var system in BubblewrapArguments.SystemFolders) arguments.AddRange(BubblewrapArguments.AsOnHost(system));
        arguments.AddRange(["--proc", "/proc", "--dev", "/dev"]);
        arguments.AddRange(BubblewrapArguments.ClosedProc());
        arguments.AddRange(["--size", MemoryFiles, "--tmpfs", "/tmp", "--size", MemoryFiles, "--tmpfs", SandboxLayout.Home, "--tmpfs", "/run/state"]);
        arguments.AddRange(["--dir", "/var", "--symlink", "../tmp", "/var/tmp"]);
        foreach (var file in EtcFiles.Names) arguments.AddRange(["--ro-bind", Path.Combine(folder.Etc, file), $"/etc/{file}"]);
        foreach (var path in HostEtc) arguments.AddRange(["--ro-bind-try", path, path]);

        arguments.AddRange(["--ro-bind", folder.Shell, "/run/shell", "--bind", options.Workspace, SandboxLayout.Workspace]);
        foreach (var (host, inside) in options.ReadOnly) arguments.AddRange(["--ro-bind", host, inside]);
        arguments.AddRange(["--remount-ro", "/", "--chdir", SandboxLayout.Workspace, "--", "/bin/sh", "/run/shell/supervisor"]);
        return arguments;
    }
}
