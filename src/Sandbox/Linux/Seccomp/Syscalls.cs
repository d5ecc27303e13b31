namespace Bots.Sandbox.Linux.Seccomp;

/// <summary>
/// The system calls that are refused in a sandbox: what changes the machine rather than the own processes' state, what looks into
/// other processes, and parts of the kernel that programs do without and that had more than their share of faults. Most of them need
/// privileges nobody in there has; the filter holds where the kernel forgets to ask for them.
/// </summary>
internal static class Syscalls
{
    public static Syscall Clone { get; } = new("clone", 56, 220);

    public static Syscall Clone3 { get; } = new("clone3", 435);

    public static Syscall Unshare { get; } = new("unshare", 272, 97);

    public static Syscall Ioctl { get; } = new("ioctl", 16, 29);

    public static Syscall Personality { get; } = new("personality", 135, 92);

    public static Syscall Socket { get; } = new("socket", 41, 198);

    /// <summary>Refused whatever their arguments are.</summary>
    public static IReadOnlyList<Syscall> Refused { get; } =
    [
        // Mounts and roots.
        new("mount", 165, 40), new("umount2", 166, 39), new("pivot_root", 155, 41), new("chroot", 161, 51),
        new("open_tree", 428), new("move_mount", 429), new("fsopen", 430), new("fsconfig", 431), new("fsmount", 432), new("fspick", 433), new("mount_setattr", 442),
        new("open_tree_attr", 467), new("name_to_handle_at", 303, 264), new("open_by_handle_at", 304, 265), new("fanotify_init", 300, 262),

        // Other namespaces. Making one is up to the flags of clone and unshare.
        new("setns", 308, 268),

        // Other processes. Debuggers and strace do not work in a sandbox; an agent has tests and logs.
        new("ptrace", 101, 117), new("process_vm_readv", 310, 270), new("process_vm_writev", 311, 271), new("process_madvise", 440), new("pidfd_getfd", 438), new("kcmp", 312, 272),
        new("move_pages", 279, 239), new("migrate_pages", 256, 238),

        // The kernel's keys are not kept apart by namespaces.
        new("keyctl", 250, 219), new("add_key", 248, 217), new("request_key", 249, 218),

        // Programs in the kernel, and the widest doors into it.
        new("bpf", 321, 280), new("perf_event_open", 298, 241), new("userfaultfd", 323, 282), new("io_uring_setup", 425), new("io_uring_enter", 426), new("io_uring_register", 427),

        // The kernel itself.
        new("init_module", 175, 105), new("finit_module", 313, 273), new("delete_module", 176, 106), new("create_module", 174, null), new("get_kernel_syms", 177, null), new("query_module", 178, null),
        new("kexec_load", 246, 104), new("kexec_file_load", 320, 294), new("reboot", 169, 142), new("syslog", 103, 116), new("lookup_dcookie", 212, 18), new("nfsservctl", 180, 42),
        new("_sysctl", 156, null), new("uselib", 134, null), new("ustat", 136, null), new("sysfs", 139, null), new("iopl", 172, null), new("ioperm", 173, null), new("vhangup", 153, 58),

        // The whole machine's settings.
        new("swapon", 167, 224), new("swapoff", 168, 225), new("quotactl", 179, 60), new("quotactl_fd", 443), new("acct", 163, 89), new("sethostname", 170, 161), new("setdomainname", 171, 162),
        new("settimeofday", 164, 170), new("clock_settime", 227, 112), new("adjtimex", 159, 171), new("clock_adjtime", 305, 266),
    ];
}
