using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Bots.Sandbox.Bubblewrap;
using Bots.Sandbox.Linux.Cgroups;
using Bots.Sandbox.Linux.Seccomp;
using Bots.Sandbox.Sidecars;
using Bots.Sandbox.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Sandbox.Tests;

/// <summary>Cgroups, filter and mounts as bubblewrap's sandboxes really have them.</summary>
public sealed class BubblewrapHardeningTests
{
    const int Limit = 60_000;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static bool IsX64 => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    [Fact(Timeout = Limit)]
    public async Task Every_refused_system_call_is_refused_by_the_kernel()
    {
        await using var fixture = new SandboxFixture(BubblewrapUnderTest.Instance);
        var sandbox = await fixture.Start();
        var calls = Syscalls.Refused.Select(c => (c.Name, Number: IsX64 ? c.X64 : c.Arm64)).Where(c => c.Number is not null).ToList();

        var tried = await sandbox.Bash($"perl -e 'for ({string.Join(',', calls.Select(c => c.Number))}) {{ print syscall($_, 0, 0, 0, 0, 0) == -1 ? $!+0 : \"done\", \"\\n\" }}'");

        calls.Zip(tried.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Where(c => c.Second != "1").ShouldBeEmpty();
    }

    [Fact(Timeout = Limit)]
    public async Task Calls_that_depend_on_their_arguments_are_told_apart()
    {
        await using var fixture = new SandboxFixture(BubblewrapUnderTest.Instance);
        var sandbox = await fixture.Start();
        var (clone3, ioctl, socket, unshare) = IsX64 ? (435, 16, 41, 272) : (435, 29, 198, 97);

        var tried = await sandbox.Bash(
            $"perl -e 'for (map {{ [split / /] }} @ARGV) {{ print syscall($$_[0], map {{ $_ + 0 }} @$_[1..3]) == -1 ? $!+0 : \"done\", \" \" }}' "
            + $"'{clone3} 0 0 0' '{ioctl} 0 {0x5412} 0' '{ioctl} 0 {0x541C} 0' '{socket} 40 1 0' '{socket} 38 5 0' '{socket} 16 3 9' '{socket} 16 3 0' '{socket} 1 1 0' '{unshare} {0x200} 0 0'");

        tried.Output.ShouldBe("38 1 1 97 97 97 done done done ");
    }

    [Fact(Timeout = Limit)]
    public async Task What_agents_and_builds_run_on_runs()
    {
        await using var fixture = new SandboxFixture(BubblewrapUnderTest.Instance);
        var sandbox = await fixture.Start();

        var ran = await sandbox.Bash(
            "node -e 'new (require(\"worker_threads\").Worker)(\"require(\\\"fs\\\").readFile(\\\"/etc/hosts\\\", () => console.log(\\\"node\\\"))\", { eval: true })';"
            + "npm --version >/dev/null && echo npm; /opt/bots/dotnet/dotnet --list-runtimes | grep -c NETCore; git --version | cut -c1-3; perl -MSocket -e 'socketpair(my $a, my $b, AF_UNIX, SOCK_STREAM, 0) and print \"perl\\n\"'");

        ran.Output.ShouldBe("node\nnpm\n1\ngit\nperl\n", ran.Error);
    }

    [Fact(Timeout = Limit)]
    public async Task A_32_bit_call_ends_the_process()
    {
        await using var fixture = new SandboxFixture(BubblewrapUnderTest.Instance);
        var spec = fixture.Spec();
        var sandbox = await fixture.Start(spec);
        var program = Path.Combine(spec.Workspace, "program");
        await File.WriteAllBytesAsync(program, X64Program([0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0x31, 0xFF, 0xB8, 60, 0, 0, 0, 0x0F, 0x05]), Cancellation);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        const int badSystemCall = 128 + 31, cannotRun = 126;
        (await sandbox.Bash("./program")).Code.ShouldBe(IsX64 ? badSystemCall : cannotRun);
    }

    [Fact(Timeout = Limit)]
    public async Task There_is_no_sys()
    {
        await using var fixture = new SandboxFixture(BubblewrapUnderTest.Instance);
        var sandbox = await fixture.Start();

        (await sandbox.Bash("ls -A / | xargs")).Output.Split(' ', StringSplitOptions.TrimEntries).ShouldNotContain("sys");
        (await sandbox.Bash("ls -A /etc | xargs")).Output.Split(' ', StringSplitOptions.TrimEntries)
            .Except(["alternatives", "group", "hosts", "ld.so.cache", "nsswitch.conf", "os-release", "passwd", "protocols", "services", "ssl"]).ShouldBeEmpty();
    }

    [Fact(Timeout = Limit)]
    public async Task Everything_of_a_sandbox_runs_in_its_groups_and_they_go_with_it()
    {
        await using var fixture = new SandboxFixture(BubblewrapUnderTest.Instance);
        var spec = fixture.Spec();
        var sandbox = await fixture.Start(spec);
        await sandbox.StartBash("agent", "setsid sleep 1000 & echo up; wait");
        await sandbox.ReadSome("agent", 1);
        var groups = Groups(fixture, spec.Id);

        groups.ShouldNotBeEmpty();
        foreach (var group in groups) Cgroup.Processes(group).Count.ShouldBeGreaterThan(3);
        await fixture.Provider.Stop(spec.Id, Cancellation);

        groups.Where(Directory.Exists).ShouldBeEmpty();
    }

    [Fact(Timeout = Limit)]
    public async Task What_a_sandbox_leaves_that_ended_by_itself_is_removed_when_sandboxes_are_listed()
    {
        await using var fixture = new SandboxFixture(BubblewrapUnderTest.Instance);
        var (spec, other) = (fixture.Spec(), fixture.Spec());
        await fixture.Start(spec);
        await fixture.Start(other);
        var groups = Groups(fixture, spec.Id);
        var init = new SandboxRecords(fixture.State).Find(spec.Id).ShouldNotBeNull().Init.ShouldNotBeNull();
        await init.Kill(TimeSpan.FromSeconds(10));
        var unknown = Directory.CreateDirectory(groups[0].Replace(spec.Id.Value, "sbx_forgotten")).FullName;
        // bwrap itself ends a moment after the sandbox it waited for.
        var provider = fixture.NewProvider();
        while ((await provider.List(Cancellation)).Count > 1) await Task.Yield();

        groups.Append(unknown).Where(Directory.Exists).ShouldBeEmpty();
        new SandboxRecords(fixture.State).Find(spec.Id).ShouldBeNull();
        Groups(fixture, other.Id).ShouldAllBe(g => Directory.Exists(g));
    }

    [Fact(Timeout = Limit)]
    public async Task A_sandbox_that_ends_for_want_of_memory_is_told_of_though_nothing_of_it_is_left()
    {
        await using var fixture = new SandboxFixture(BubblewrapUnderTest.Instance);
        var spec = fixture.Spec() with { Limits = new ResourceLimits { Memory = 256 << 20 } };
        var sandbox = await fixture.Start(spec);
        await sandbox.StartBash("agent", "exec perl -e 'my @all; push @all, \"x\" x (1 << 20) while @all < 10240'");
        await sandbox.ReadToEnd("agent");
        var record = new SandboxRecords(fixture.State).Find(spec.Id).ShouldNotBeNull();
        foreach (var process in record.Processes()) await process.Kill(TimeSpan.FromSeconds(10));
        while ((await fixture.Provider.List(Cancellation)).Count > 0) await Task.Yield();

        (await fixture.Provider.Breaches(Cancellation)).ShouldBe([new LimitBreach(spec.Id, ResourceLimit.Memory, spec.Limits.Memory)]);
        (await fixture.Provider.Breaches(Cancellation)).ShouldBeEmpty();
    }

    [Fact(Timeout = Limit)]
    public async Task A_deleted_file_that_stays_open_counts_against_the_disk()
    {
        await using var fixture = new SandboxFixture(BubblewrapUnderTest.Instance);
        var spec = fixture.Spec() with { Limits = new ResourceLimits { Disk = 20 << 20 } };
        var sandbox = await fixture.Start(spec);

        await sandbox.StartBash("agent", "exec 5>/workspace/file; rm /workspace/file; head -c 50M /dev/zero >&5; sleep 1000");

        (await fixture.Provider.NextBreach(spec.Id, ResourceLimit.Disk)).Allowed.ShouldBe(spec.Limits.Disk);
    }

    [Fact(Timeout = Limit)]
    public async Task A_directory_of_the_tree_is_renamed_in_one_step_where_root_mounts_it()
    {
        await using var fixture = new SandboxFixture(BubblewrapUnderTest.Instance);
        var tree = fixture.Folder("tree");
        Directory.CreateDirectory(Path.Combine(tree, "src/deep"));
        var sandbox = await fixture.Start(fixture.Spec() with { Tree = tree });

        // mv copies where a rename is refused; most programs do not.
        var renamed = await sandbox.Bash("perl -e 'rename(\"src\", \"source\") or print \"refused\"'; ls");

        renamed.Output.ShouldBe(Environment.IsPrivilegedProcess ? "source\n" : "refusedsrc\n");
    }

    [Fact(Timeout = Limit)]
    public async Task A_workspace_goes_on_as_it_was_begun()
    {
        await using var fixture = new SandboxFixture(BubblewrapUnderTest.Instance);
        var tree = fixture.Folder("tree");
        await File.WriteAllTextAsync(Path.Combine(tree, "file"), "of the tree\n", Cancellation);
        var first = fixture.Spec() with { Tree = tree };
        await (await fixture.Start(first)).Bash("echo own > own");
        await fixture.Provider.Stop(first.Id, Cancellation);
        var copying = new BubblewrapProvider(
            new BubblewrapOptions { StateDirectory = fixture.State, ControlDirectory = fixture.Control, Overlays = false }, TimeProvider.System, NullLogger<BubblewrapProvider>.Instance);

        var again = await Should.ThrowAsync<SandboxException>(copying.Start(fixture.Spec() with { Tree = tree, Workspace = first.Workspace }, Cancellation));

        again.Failure.ShouldBe(SandboxFailure.Unavailable);
        Directory.GetFiles(Path.Combine(first.Workspace, "upper")).ShouldBe([Path.Combine(first.Workspace, "upper/own")]);
    }

    [Fact(Timeout = Limit)]
    public async Task A_workspace_with_files_of_its_own_does_not_begin_as_a_tree()
    {
        await using var fixture = new SandboxFixture(BubblewrapUnderTest.Instance);
        var spec = fixture.Spec() with { Tree = fixture.Folder("tree") };
        await File.WriteAllTextAsync(Path.Combine(spec.Workspace, "file"), "mine", Cancellation);

        (await Should.ThrowAsync<SandboxException>(fixture.Provider.Start(spec, Cancellation))).Message.ShouldContain("files of its own");

        (await File.ReadAllTextAsync(Path.Combine(spec.Workspace, "file"), Cancellation)).ShouldBe("mine");
        Groups(fixture, spec.Id).ShouldBeEmpty();
    }

    static List<string> Groups(SandboxFixture fixture, SandboxId sandbox) =>
        [.. new SandboxGroups(fixture.State, NullLogger.Instance).Of(sandbox).Where(Directory.Exists)];

    /// <summary>The smallest program: an ELF header, one segment, and this code.</summary>
    static byte[] X64Program(ReadOnlySpan<byte> code)
    {
        const int header = 64, segment = 56;
        const ulong at = 0x400000;
        var file = new byte[header + segment + code.Length];
        new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(file, 0);
        void Put(int offset, ulong value, int size)
        {
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            bytes[..size].CopyTo(file.AsSpan(offset));
        }

        Put(16, 2, 2);
        Put(18, 62, 2);
        Put(20, 1, 4);
        Put(24, at + header + segment, 8);
        Put(32, header, 8);
        Put(52, header, 2);
        Put(54, segment, 2);
        Put(56, 1, 2);
        Put(header, 1, 4);
        Put(header + 4, 5, 4);
        Put(header + 16, at, 8);
        Put(header + 24, at, 8);
        Put(header + 32, (ulong)file.Length, 8);
        Put(header + 40, (ulong)file.Length, 8);
        Put(header + 48, 0x1000, 8);
        code.CopyTo(file.AsSpan(header + segment));
        return file;
    }
}
