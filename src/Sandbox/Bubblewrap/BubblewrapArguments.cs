namespace Bots.Sandbox.Bubblewrap;

/// <summary>What bwrap is told. Order matters to it: later mounts lie on top of earlier ones.</summary>
internal static class BubblewrapArguments
{
    internal static readonly string[] SystemFolders = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];
    static readonly string[] ReadOnlyProc = ["/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus", "/proc/fs", "/proc/driver", "/proc/mtrr", "/proc/pressure"];
    static readonly string[] HiddenProcFiles = ["/proc/kcore", "/proc/keys", "/proc/kmsg", "/proc/latency_stats", "/proc/sched_debug", "/proc/timer_list"];

    /// <summary>The first process is bwrap, run from the host's own mounts: by its <c>exe</c>, whoever owns that program outside could change it.</summary>
    static readonly string[] HiddenProcFolders = ["/proc/acpi", "/proc/asound", "/proc/scsi", "/proc/1"];

    static readonly string[] HostEtc = ["/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/alternatives", "/etc/ld.so.cache", "/etc/services", "/etc/protocols"];

    /// <summary>Every namespace, no capability, no way to make further user namespaces.</summary>
    public static IReadOnlyList<string> Isolation { get; } =
    [
        "--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
        "--disable-userns", "--cap-drop", "ALL", "--new-session", "--clearenv",
    ];

    /// <param name="etc">The folder with our own passwd, group and hosts.</param>
    /// <param name="workspace">The folder to be seen as the workspace.</param>
    public static IReadOnlyList<string> For(SandboxSpec spec, BubblewrapOptions options, string etc, string workspace)
    {
        var user = $"{SandboxLayout.User}";
        List<string> arguments = [.. Isolation, "--uid", user, "--gid", user, "--hostname", "sandbox"];

        foreach (var (name, value) in SandboxLayout.Environment(spec).Concat(options.Environment)) arguments.AddRange(["--setenv", name, value]);

        arguments.AddRange(["--ro-bind", "/usr", "/usr"]);
        foreach (var folder in SystemFolders) arguments.AddRange(AsOnHost(folder));

        arguments.AddRange(["--proc", "/proc", "--dev", "/dev"]);
        arguments.AddRange(ClosedProc());

        // Files in memory count as memory, and ending processes frees none of it: they must be full before the sandbox is.
        arguments.AddRange(["--size", $"{spec.Limits.Memory / 2}", "--tmpfs", "/tmp", "--size", $"{spec.Limits.Memory / 4}", "--tmpfs", "/dev/shm", "--remount-ro", "/dev"]);
        arguments.AddRange(["--dir", "/var", "--symlink", "../tmp", "/var/tmp", "--symlink", "../usr/lib/os-release", "/etc/os-release"]);
        foreach (var file in EtcFiles.Names) arguments.AddRange(["--ro-bind", Path.Combine(etc, file), $"/etc/{file}"]);
        foreach (var path in HostEtc) arguments.AddRange(["--ro-bind-try", path, path]);

        arguments.AddRange(["--bind", workspace, SandboxLayout.Workspace, "--bind", spec.Home, SandboxLayout.Home]);
        arguments.AddRange(["--ro-bind", spec.ControlDirectory, SandboxLayout.Control]);
        arguments.AddRange(["--ro-bind", options.SidecarDirectory, SandboxLayout.Sidecar, "--ro-bind", options.DotnetRoot, SandboxLayout.Dotnet]);
        foreach (var (host, inside) in spec.ReadOnly) arguments.AddRange(["--ro-bind", host, inside]);

        // Last, since bwrap makes the mount points above in it.
        arguments.AddRange(["--remount-ro", "/", "--chdir", SandboxLayout.Workspace]);
        return arguments;
    }

    /// <summary>
    /// The kernel's own settings are shared by the whole machine, and open to whoever is root outside: user 1000 in the sandbox, if the
    /// service runs as root. bwrap closes but some of them.
    /// </summary>
    internal static IEnumerable<string> ClosedProc() =>
    [
        .. ReadOnlyProc.Where(Path.Exists).SelectMany(p => (string[])["--ro-bind", p, p]),
        .. HiddenProcFiles.Where(File.Exists).SelectMany(p => (string[])["--ro-bind", "/dev/null", p]),
        .. HiddenProcFolders.Where(Directory.Exists).SelectMany(p => (string[])["--tmpfs", p, "--remount-ro", p]),
    ];

    internal static string[] AsOnHost(string folder)
    {
        if (new DirectoryInfo(folder).LinkTarget is { } target) return ["--symlink", target, folder];
        return Directory.Exists(folder) ? ["--ro-bind", folder, folder] : [];
    }
}
