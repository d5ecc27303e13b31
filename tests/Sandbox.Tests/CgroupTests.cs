using Bots.Sandbox.Linux.Cgroups;

namespace Bots.Sandbox.Tests;

/// <summary>Where groups are made, told from what machines of all kinds say of themselves; with folders and files in the kernel's place.</summary>
public sealed class CgroupTests : IDisposable
{
    const int Me = 4711;
    static readonly ResourceLimits Limits = new() { Cpus = 1.5, Memory = 1000, Processes = 60 };
    readonly string _root = Directory.CreateTempSubdirectory("bots-").FullName;

    [Fact]
    public void Version_2_is_read() =>
        CgroupHierarchy.Parse("0::/system.slice/bots.service\n", "31 23 0:27 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n")
            .ShouldHaveSingleItem().ShouldBe(new CgroupHierarchy(2, "/sys/fs/cgroup", "/sys/fs/cgroup/system.slice/bots.service", []), Same);

    [Fact]
    public void Version_1_is_read_with_version_2_beside_it() =>
        CgroupHierarchy.Parse(
            "9:name=systemd:/\n8:pids:/\n4:memory:/a/b\n2:cpu,cpuacct:/c\n0::/\n",
            "30 1 0:1 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n31 30 0:2 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n32 30 0:3 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
            + "33 30 0:4 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n34 30 0:5 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n")
            .Select(t => $"{t.Version} {t.Own} {string.Join(',', t.Controllers)}").ShouldBe(
                ["1 /sys/fs/cgroup/cpu,cpuacct/c cpu,cpuacct", "1 /sys/fs/cgroup/memory/a/b memory", "1 /sys/fs/cgroup/pids pids", "2 /sys/fs/cgroup/unified "]);

    [Fact]
    public void In_a_container_the_part_that_is_seen_counts() =>
        CgroupHierarchy.Parse(
            "4:memory:/docker/abc\n3:pids:/../other\n",
            "32 30 0:3 /docker/abc /sys/fs/cgroup/mem\\040ory ro - cgroup cgroup rw,memory\n33 30 0:4 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n")
            .ShouldHaveSingleItem().Own.ShouldBe("/sys/fs/cgroup/mem ory");

    [Fact]
    public void A_group_beside_the_services_own_is_made_where_systemd_delegates_one()
    {
        var tree = Tree("delegated/service");
        Group("delegated", controllers: "cpu io memory pids");

        var place = CgroupPlace.Unified(tree, CgroupSettings.Controllers, asRoot: false, Me).ShouldNotBeNull();

        place.Folder.ShouldBe(In("delegated"));
        place.Controllers.ShouldBe(["cpu", "memory", "pids"]);
        Read("delegated/cgroup.subtree_control").ShouldBe("+cpu +memory +pids");
    }

    [Fact]
    public void An_ordinary_users_groups_may_be_made_further_up_where_they_are_its_own()
    {
        var tree = Tree("user/app.slice/terminal");
        Group("user/app.slice", controllers: "memory pids");
        Group("user/app.slice/terminal", controllers: "memory pids", processes: "1\n4711\n", closed: true);

        CgroupPlace.Unified(tree, CgroupSettings.Controllers, asRoot: false, Me).ShouldNotBeNull().Folder.ShouldBe(In("user/app.slice"));
    }

    [Fact]
    public void What_is_shared_out_already_is_left_as_it_is()
    {
        var tree = Tree("delegated");
        Group("delegated", controllers: "memory", shared: "memory");

        CgroupPlace.Unified(tree, CgroupSettings.Controllers, asRoot: false, Me).ShouldNotBeNull().Controllers.ShouldBe(["memory"]);
        Read("delegated/cgroup.subtree_control").ShouldBe("memory");
    }

    [Theory]
    [InlineData("4711\n", true)]
    [InlineData("4711\n4712\n", false)]
    public void The_service_leaves_a_group_that_is_its_alone_and_moves_nobody_else(string processes, bool moved)
    {
        var tree = Tree("own");
        Group("own", controllers: "memory", processes: processes, closed: true);

        CgroupPlace.Unified(tree, CgroupSettings.Controllers, asRoot: false, Me).ShouldBeNull();

        File.Exists(In("own/service/cgroup.procs")).ShouldBe(moved);
        if (moved) Read("own/service/cgroup.procs").ShouldBe("4711");
    }

    [Fact]
    public void As_root_groups_are_made_at_the_top_where_no_group_is_delegated()
    {
        var tree = Tree("session");
        Group("session", controllers: "memory", processes: "4711\n", closed: true);
        Group(".", controllers: "memory pids", shared: "memory pids");

        CgroupPlace.Unified(tree, CgroupSettings.Controllers, asRoot: true, Me).ShouldNotBeNull().Folder.ShouldBe(_root);
        Directory.Exists(In("session/service")).ShouldBeFalse();
    }

    [Fact]
    public void What_cannot_be_enforced_is_named_with_its_mend()
    {
        CgroupSupport.Find([], asRoot: false, Me).Problems().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            p => p.What.ShouldBe("The limit of memory and of processes and of processors of a sandbox is not enforced: this machine has no cgroup controller for it."),
            p => p.Mend.ShouldContain("cgroup_enable=memory"),
            p => p.Fatal.ShouldBeFalse());

        // A folder that no group can be made in.
        var problem = CgroupSupport.Find([new CgroupHierarchy(1, "/proc/self", "/proc/self", ["pids"]), new CgroupHierarchy(1, _root, _root, ["cpu"])], asRoot: false, Me).Problems();
        problem.Select(p => p.What).ShouldContain("The limit of processes of a sandbox is not enforced: no group in /proc/self may be made by this user.");
        problem.Single(p => p.What.Contains("processes")).Mend.ShouldContain("Delegate=yes");
    }

    [Theory]
    [InlineData(1, "memory", "memory.limit_in_bytes=1000 memory.memsw.limit_in_bytes=1000 memory.swappiness=0")]
    [InlineData(2, "memory", "memory.max=1000 memory.swap.max=0 memory.oom.group=0")]
    [InlineData(1, "pids", "pids.max=100")]
    [InlineData(2, "pids", "pids.max=100")]
    [InlineData(1, "cpu", "cpu.cfs_period_us=100000 cpu.cfs_quota_us=150000")]
    [InlineData(2, "cpu", "cpu.max=150000 100000")]
    public void Limits_are_written_in_the_kernels_words(int version, string controller, string written) =>
        string.Join(' ', CgroupSettings.For(version, controller, Limits).Select(s => $"{s.File}={s.Value}")).ShouldBe(written);

    [Fact]
    public void Counters_of_both_versions_are_read()
    {
        Directory.CreateDirectory(In("one"));
        File.WriteAllText(In("one/memory.oom_control"), "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
        File.WriteAllText(In("one/pids.events"), "max 7\n");
        Directory.CreateDirectory(In("two"));
        File.WriteAllText(In("two/memory.events"), "low 0\nmax 9\noom 5\noom_kill 4\noom_group_kill 0\n");

        Cgroup.MemoryKills([In("one")]).ShouldBe(3);
        Cgroup.MemoryKills([In("two"), In("missing")]).ShouldBe(4);
        Cgroup.ProcessRefusals([In("one"), In("two")]).ShouldBe(7);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    static IEqualityComparer<CgroupHierarchy> Same { get; } = EqualityComparer<CgroupHierarchy>.Create((a, b) =>
        a!.Version == b!.Version && a.Mount == b.Mount && a.Own == b.Own && a.Controllers.SequenceEqual(b.Controllers));

    CgroupHierarchy Tree(string own) => new(2, _root, In(own), []);

    /// <param name="closed">True when what is to be shared out cannot be written, as in a group with processes: a folder stands there.</param>
    void Group(string name, string controllers, string shared = "", string processes = "", bool closed = false)
    {
        Directory.CreateDirectory(In(name));
        File.WriteAllText(In($"{name}/cgroup.controllers"), controllers + "\n");
        File.WriteAllText(In($"{name}/cgroup.procs"), processes);
        if (closed) Directory.CreateDirectory(In($"{name}/cgroup.subtree_control"));
        else File.WriteAllText(In($"{name}/cgroup.subtree_control"), shared);
    }

    string In(string name) => Path.Combine(_root, name);

    string Read(string name) => File.ReadAllText(In(name));
}
