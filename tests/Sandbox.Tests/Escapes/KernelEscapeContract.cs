using Bots.Sandbox.Tests.Support;
using static Bots.Sandbox.Tests.Escapes.Kernel;

namespace Bots.Sandbox.Tests.Escapes;

/// <summary>
/// Attempts to get more from the kernel than a sandbox has, each with arguments that would do it: the same for every provider. Nothing here writes to
/// what belongs to the machine. Settings and devices are only opened, since where that works, writing would change the machine the tests run on.
/// </summary>
public abstract class KernelEscapeContract
{
    const int Limit = 60_000;

    private protected abstract IProviderUnderTest Under { get; }

    /// <summary>What the attempts are made with says so when a call goes through.</summary>
    [Fact(Timeout = Limit)]
    public async Task A_call_that_is_allowed_is_seen_to_be()
    {
        await using var scene = await EscapeScene.Start(Under);

        var result = await scene.Attacker.Exec(new("/usr/bin/perl", ["-e", Call("getpid", "0")]), TestContext.Current.CancellationToken);

        result.Output.ShouldBe($"{EscapeScene.Success} getpid\n");
    }

    [Theory(Timeout = Limit)]
    [InlineData("user", 0x10000000)]
    [InlineData("mount", 0x00020000)]
    [InlineData("network", 0x40000000)]
    [InlineData("process", 0x20000000)]
    [InlineData("cgroup", 0x02000000)]
    [InlineData("user and mount", 0x10020000)]
    public async Task By_a_namespace_of_its_own(string kind, int flags)
    {
        await using var scene = await EscapeScene.Start(Under);

        // clone's child would go on with the script: it says so and ends.
        var said = await scene.Perl(Call("unshare", $"{flags}") + $"{{ my $r = syscall({Number("clone")}, {flags} | 17, 0, 0, 0, 0); if ($r == 0) {{ print \"{EscapeScene.Success} clone {kind}\\n\"; exit }} print \"refused clone: $!\\n\" if $r == -1 }}"
            + $"{{ my $a = pack('Q11', {flags}, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0); my $r = syscall({Number("clone3")}, $a, 88); if ($r == 0) {{ print \"{EscapeScene.Success} clone3 {kind}\\n\"; exit }} print \"refused clone3: $!\\n\" if $r == -1 }}");

        Refusals(said).ShouldBe(3, said);
    }

    [Fact(Timeout = Limit)]
    public async Task By_entering_the_namespaces_of_other_processes()
    {
        await using var scene = await EscapeScene.Start(Under);

        var said = await scene.Perl(
            "use Fcntl; for my $f (</proc/[0-9]*/ns/*>, </proc/self/ns/*>) { sysopen(my $h, $f, O_RDONLY) or next; " + Call("setns", "fileno($h), 0") + "}"
            + $"my $init = syscall({Number("pidfd_open")}, 1, 0); " + Call("setns", "$init, 0x20000"));

        Refusals(said).ShouldBeGreaterThan(3, said);
    }

    [Theory(Timeout = Limit)]
    [InlineData("'proc', '/tmp', 'proc', 0, 0")]
    [InlineData("'tmpfs', '/opt/bots/sidecar', 'tmpfs', 0, 0")]
    [InlineData("'/workspace', '/usr/bin', 'none', 0x1000, 0")]
    [InlineData("'none', '/', 'none', 0x20, 0")]
    [InlineData("'none', '/usr', 'none', 0x1020, 0")]
    [InlineData("'none', '/proc/sys', 'none', 0x1020, 0")]
    [InlineData("'none', '/', 'none', 0x84000, 0")]
    [InlineData("'cgroup2', '/tmp', 'cgroup2', 0, 0")]
    [InlineData("'sysfs', '/tmp', 'sysfs', 0, 0")]
    [InlineData("'overlay', '/tmp', 'overlay', 0, 'lowerdir=/,upperdir=/workspace,workdir=/tmp'")]
    public async Task By_mounting(string arguments)
    {
        await using var scene = await EscapeScene.Start(Under);

        Refusals(await scene.Perl(Call("mount", arguments))).ShouldBe(1);
    }

    [Fact(Timeout = Limit)]
    public async Task By_the_newer_calls_for_mounts()
    {
        await using var scene = await EscapeScene.Start(Under);

        var said = await scene.Perl(Call("fsopen", "'proc', 0") + Call("fspick", "-100, '/usr', 0") + Call("open_tree", "-100, '/', 1") + Call("move_mount", "-100, '/tmp', -100, '/usr', 0") + Call("mount_setattr", "-100, '/usr', 0, pack('Q4', 0, 1, 0, 0), 32"));

        Refusals(said).ShouldBe(5, said);
    }

    [Fact(Timeout = Limit)]
    public async Task By_taking_away_what_covers_the_hosts_files()
    {
        await using var scene = await EscapeScene.Start(Under);

        var said = await scene.Perl(
            "open my $m, '<', '/proc/self/mountinfo'; for my $at (map { (split)[4] } <$m>) { " + Call("umount2", "\"$at\", 0") + Call("umount2", "\"$at\", 2") + "}"
            + Call("pivot_root", "'/workspace', '/workspace'") + Call("chroot", "'/workspace'"));

        Refusals(said).ShouldBeGreaterThan(10, said);
    }

    [Fact(Timeout = Limit)]
    public async Task By_opening_files_by_handle()
    {
        await using var scene = await EscapeScene.Start(Under);

        // Inode 2 is the root of most file systems: the way out of containers that were let read all files.
        var said = await scene.Perl(
            "use Fcntl; for my $f ('/workspace', '/home/agent', '/etc/passwd', '/usr', '/run/bots') { sysopen(my $h, $f, O_RDONLY) or next; for my $inode (1, 2, 64, 128, 256) { "
            + Call("open_by_handle_at", "fileno($h), pack('LlLL', 8, 1, $inode, 0), 0") + Call("open_by_handle_at", "fileno($h), pack('LlQL', 12, 0x81, $inode, 0), 0") + "} }");

        Refusals(said).ShouldBeGreaterThan(20, said);
    }

    [Fact(Timeout = Limit)]
    public async Task By_taking_capabilities()
    {
        await using var scene = await EscapeScene.Start(Under);

        var said = await scene.Perl(
            Call("capset", "pack('LL', 0x20080522, 0), pack('L6', 0xffffffff, 0xffffffff, 0, 0x1ff, 0x1ff, 0)") + Call("capset", "pack('LL', 0x20080522, 0), pack('L6', 1 << 21, 1 << 21, 1 << 21, 0, 0, 0)")
            + Call("prctl", "47, 2, 21, 0, 0") + Call("prctl", "28, 0x2f, 0, 0, 0") + Call("setxattr", "'/workspace', 'security.capability', pack('L5', 0x02000001, 1 << 21, 0, 0, 0), 20, 0"));

        Refusals(said).ShouldBe(5, said);
        (await scene.Attacker.Bash("grep -hE '^Cap(Prm|Eff|Inh|Amb|Bnd)' /proc/[0-9]*/status | cut -f2 | sort -u")).Output.ShouldBe("0000000000000000\n");
    }

    [Fact(Timeout = Limit)]
    public async Task By_becoming_root()
    {
        await using var scene = await EscapeScene.Start(Under);

        var said = await scene.Perl(Call("setuid", "0") + Call("setgid", "0") + Call("setresuid", "0, 0, 0") + Call("setgroups", "1, pack('L', 0)") + $"syscall({Number("setfsuid")}, 0); open my $s, '<', '/proc/self/status'; print grep {{ /^[UG]id/ }} <$s>;");

        Refusals(said).ShouldBe(4, said);
        said.ShouldContain("Uid:\t1000\t1000\t1000\t1000");
        said.ShouldContain("Gid:\t1000\t1000\t1000\t1000");
    }

    [Fact(Timeout = Limit)]
    public async Task By_switching_off_what_holds_it()
    {
        await using var scene = await EscapeScene.Start(Under);

        // No new privileges, and the filter: neither is ever taken back.
        var said = await scene.Perl(Call("prctl", "38, 0, 0, 0, 0") + Call("prctl", "22, 0, 0, 0, 0") + Call("seccomp", "7, 0, 0") + "open my $s, '<', '/proc/self/status'; print grep { /^(NoNewPrivs|Seccomp):/ } <$s>;");

        Refusals(said).ShouldBe(3, said);
        said.ShouldContain("NoNewPrivs:\t1");
        said.ShouldContain("Seccomp:\t2");
    }

    [Theory(Timeout = Limit)]
    [InlineData("bpf", "0, pack('L4 x112', 1, 4, 8, 1), 128")]
    [InlineData("bpf", "5, pack('LL Q2 x104', 1, 2, 0, 0), 128")]
    [InlineData("perf_event_open", "pack('LLQ x112', 1, 128, 0), 0, -1, -1, 0")]
    [InlineData("add_key", "'user', 'escape', 'x', 1, -3")]
    [InlineData("keyctl", "0, -4, 1")]
    [InlineData("request_key", "'user', 'escape', 0, -4")]
    [InlineData("fanotify_init", "0, 0")]
    [InlineData("syslog", "3, 0, 0")]
    [InlineData("clock_settime", "0, pack('qq', -1, -1)")]
    [InlineData("quotactl", "0x800002, 0, 0, 0")]
    public async Task By_doors_into_the_kernel(string name, string arguments)
    {
        await using var scene = await EscapeScene.Start(Under);

        Refusals(await scene.Perl(Call(name, arguments))).ShouldBe(1);
    }

    [Theory(Timeout = Limit)]
    [InlineData("/proc/sys/kernel/core_pattern")]
    [InlineData("/proc/sys/kernel/modprobe")]
    [InlineData("/proc/sys/kernel/hostname")]
    [InlineData("/proc/sys/vm/overcommit_memory")]
    [InlineData("/proc/sys/fs/binfmt_misc/register")]
    [InlineData("/proc/sys/net/ipv4/ip_forward")]
    [InlineData("/proc/sysrq-trigger")]
    [InlineData("/proc/irq/default_smp_affinity")]
    [InlineData("/proc/mtrr")]
    [InlineData("/sys/kernel/uevent_helper")]
    [InlineData("/sys/kernel/mm/transparent_hugepage/enabled")]
    [InlineData("/sys/firmware")]
    [InlineData("/dev/mem")]
    [InlineData("/dev/kmem")]
    [InlineData("/dev/port")]
    [InlineData("/dev/kmsg")]
    [InlineData("/dev/kvm")]
    [InlineData("/dev/fuse")]
    [InlineData("/dev/net/tun")]
    [InlineData("/dev/loop-control")]
    [InlineData("/dev/vhost-vsock")]
    public async Task By_opening_what_belongs_to_the_machine(string path)
    {
        await using var scene = await EscapeScene.Start(Under);

        var said = await scene.Perl($"use Fcntl; for my $how (O_WRONLY, O_RDWR) {{ print sysopen(my $h, '{path}', $how) ? '{EscapeScene.Success}' : \"refused: $!\\n\" }}");

        Refusals(said).ShouldBe(2);
    }

    [Fact(Timeout = Limit)]
    public async Task By_raising_its_own_limits()
    {
        await using var scene = await EscapeScene.Start(Under);

        var said = await scene.Perl(
            "use Fcntl; for my $f (glob('/sys/fs/cgroup/{,*/,*/*/,*/*/*/}{memory.max,memory.limit_in_bytes,pids.max,cpu.max,cgroup.procs,tasks,cgroup.subtree_control,release_agent,notify_on_release}')) "
            + $"{{ print sysopen(my $h, $f, O_WRONLY) ? '{EscapeScene.Success}' : \"refused: $!\\n\" if -e $f }} open my $c, '<', '/proc/self/cgroup'; print <$c>;"
            + Call("setpriority", "0, 0, -20") + Call("sched_setscheduler", "0, 1, pack('L', 50)") + $"open(my $o, '<', '/proc/1/oom_score_adj'); print <$o>;");

        Refusals(said).ShouldBeGreaterThanOrEqualTo(2, said);
        said.ShouldNotContain("bots-");
    }

    static int Refusals(string said) => said.Split('\n').Count(l => l.StartsWith("refused", StringComparison.Ordinal));
}
