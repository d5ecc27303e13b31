using System.Diagnostics;
using Bots.Sandbox.Tests.Support;
using static Bots.Sandbox.Tests.Escapes.Kernel;

namespace Bots.Sandbox.Tests.Escapes;

/// <summary>Attempts on processes that are not the attacker's: the sidecar, the sandbox's first process, the host's, a neighbour's. The same for every provider.</summary>
public abstract class ProcessEscapeContract
{
    const int Limit = 60_000;

    /// <summary>Perl: for the sidecar. A number, since a system call would take a string for its address.</summary>
    const string Sidecar = "my $pid; for my $f (glob '/proc/[0-9]*/comm') { open(my $h, '<', $f); my $name = <$h>; $pid = 0 + (split m{/}, $f)[2] if $name eq qq(dotnet\\n) } die 'no sidecar' unless $pid; ";

    private protected abstract IProviderUnderTest Under { get; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = Limit)]
    [InlineData("attach", 16)]
    [InlineData("seize", 0x4206)]
    public async Task By_tracing_the_sidecar(string how, int request)
    {
        await using var scene = await EscapeScene.Start(Under);

        (await scene.Perl(Sidecar + Call("ptrace", $"{request}, $pid, 0, 0"))).ShouldContain("refused ptrace", customMessage: how);
    }

    [Fact(Timeout = Limit)]
    public async Task By_reading_or_writing_the_sidecars_memory()
    {
        await using var scene = await EscapeScene.Start(Under);

        var said = await scene.Perl(
            "use Fcntl; " + Sidecar + "my $b = ' ' x 64; my $v = pack('PQ', $b, 64); my $there = pack('QQ', 0x400000, 64);"
            + Call("process_vm_readv", "$pid, $v, 1, $there, 1, 0") + Call("process_vm_writev", "$pid, $v, 1, $there, 1, 0")
            + $"for my $f ('mem', 'environ', 'auxv', 'maps', 'smaps', 'pagemap', 'syscall', 'stack', 'wchan', 'map_files', 'cwd/.', 'root/.', 'exe', 'fd/0') {{ for my $how (O_RDONLY, O_RDWR) {{"
            + $" if (sysopen(my $h, \"/proc/$pid/$f\", $how)) {{ sysseek $h, 0x400000, 0 if $f eq 'mem'; my $n = sysread $h, my $x, 64; print $n && $x !~ /^0$/ ? \"{EscapeScene.Success} $pid $f $x\\n\" : \"refused $f read: $!\\n\" }} else {{ print \"refused $f: $!\\n\" }} }} }}");

        said.ShouldContain("refused mem");
        said.ShouldContain("refused environ");
    }

    /// <summary>It may be traced where the provider lets one's own processes be: it knows nothing.</summary>
    [Fact(Timeout = Limit)]
    public async Task By_what_the_first_process_knows()
    {
        await using var scene = await EscapeScene.Start(Under);

        var said = await scene.Perl(
            $"for my $f ('environ', 'cmdline') {{ open(my $h, '<', qq(/proc/1/$f)); local $/; print <$h>, qq(\n); }} open(my $m, '<', '/proc/1/maps'); open(my $h, '<', '/proc/1/mem');"
            + " while (<$m>) { my ($from, $to) = /^(\\w+)-(\\w+) r.*(?:heap|stack)/ or next; sysseek $h, hex $from, 0; sysread $h, my $x, hex($to) - hex($from); print $x }");

        said.ShouldNotContain(scene.Spec.RegistrationToken);
    }

    [Fact(Timeout = Limit)]
    public async Task By_taking_the_sidecars_descriptors()
    {
        await using var scene = await EscapeScene.Start(Under);

        var said = await scene.Perl(Sidecar + $"my $p = syscall({Number("pidfd_open")}, $pid, 0); for my $d (0 .. 200) {{" + Call("pidfd_getfd", "$p, $d, 0") + "}");

        said.Split('\n').Count(l => l.StartsWith("refused", StringComparison.Ordinal)).ShouldBe(201);
    }

    [Fact(Timeout = Limit)]
    public async Task By_a_core_dump_of_the_sidecar()
    {
        await using var scene = await EscapeScene.Start(Under);
        var neighbour = await scene.Neighbour();

        // .NET lets the first of each pass.
        await EndOf(scene, "sidecar=$(basename $(dirname $(grep -lsx dotnet /proc/[0-9]*/comm))); prlimit --pid $sidecar --core=unlimited; while kill -SEGV $sidecar; do kill -ABRT $sidecar; done");

        Directory.GetFileSystemEntries(scene.Spec.Workspace).ShouldBeEmpty();
        Directory.GetFileSystemEntries(scene.Spec.Home).ShouldBe([Path.Combine(scene.Spec.Home, "go")]);
        await neighbour.IsWell();
    }

    [Fact(Timeout = Limit)]
    public async Task By_signals_to_everything_it_can_name()
    {
        await using var scene = await EscapeScene.Start(Under);
        var neighbour = await scene.Neighbour();
        using var own = Process.Start(new ProcessStartInfo("sleep", "1000") { UseShellExecute = false })!;
        try
        {
            var targets = HostProcesses.IdsWith(neighbour.Name).Append(own.Id).Append(Environment.ProcessId).ToList();
            targets.Count.ShouldBeGreaterThan(2);

            // Names as the host has them; those that are somebody's in the sandbox as well are left out.
            await scene.Attempt($"for pid in {string.Join(' ', targets)}; do [ -e /proc/$pid ] || {{ kill -KILL $pid && echo {EscapeScene.Success}; kill -KILL -- -$pid && echo {EscapeScene.Success}; }}; done; true");

            own.HasExited.ShouldBeFalse();
            await neighbour.IsWell();
        }
        finally
        {
            own.Kill();
            await own.WaitForExitAsync(Cancellation);
        }
    }

    [Fact(Timeout = Limit)]
    public async Task By_a_signal_to_everybody()
    {
        await using var scene = await EscapeScene.Start(Under);
        var neighbour = await scene.Neighbour();

        await EndOf(scene, "kill -KILL 1; kill -KILL -1");

        await neighbour.IsWell();
        scene.Unharmed();
    }

    [Fact(Timeout = Limit)]
    public async Task By_looking_for_a_neighbours_processes_and_files()
    {
        await using var scene = await EscapeScene.Start(Under);
        var neighbour = await scene.Neighbour();

        var said = await scene.Attempt(
            $"cat /proc/[0-9]*/cmdline | tr '\\0' '\\n'; for pid in {string.Join(' ', HostProcesses.IdsWith(neighbour.Name))}; do [ -e /proc/$pid ] || cat /proc/$pid/environ /proc/$pid/root/workspace/note; done;"
            + $"cat '{neighbour.Spec.Workspace}/note' /workspace/../{neighbour.Spec.Id}/workspace/note /proc/1/root{neighbour.Spec.Workspace}/note; echo x > '{neighbour.Spec.Workspace}/new'; ls /workspace/../..");

        said.ShouldNotContain("exec -a");
        said.ShouldNotContain("sleep\n");
        await neighbour.IsWell();
    }

    [Fact(Timeout = Limit)]
    public async Task By_shared_memory_of_a_neighbour()
    {
        await using var scene = await EscapeScene.Start(Under);
        var key = Random.Shared.Next(1, int.MaxValue);
        var neighbour = await scene.Neighbour($"exec perl -e 'my $id = shmget({key}, 4096, 0666 | 01000); shmwrite($id, \"shared\", 0, 6); open my $f, \">\", \"/dev/shm/shared\"; $| = 1; print \"shared\\n\"; sleep 1000'");
        await neighbour.Connection.ReadSome("work", 2);

        var said = await scene.Perl(Call("shmget", $"{key}, 4096, 0") + $"print '{EscapeScene.Success}' if -e '/dev/shm/shared'; open my $i, '<', '/proc/sysvipc/shm'; my @all = <$i>; print scalar(@all), \" lines\\n\";");

        said.ShouldContain("refused shmget");
        said.ShouldContain("1 lines");
    }

    [Fact(Timeout = Limit)]
    public async Task By_typing_into_somebodys_terminal()
    {
        await using var scene = await EscapeScene.Start(Under);

        var said = await scene.Perl(
            "use Fcntl; for my $f ('/dev/tty', '/dev/console', '/dev/tty0', '/dev/tty1', </dev/pts/[0-9]*>, </proc/[0-9]*/fd/[0-2]>) { sysopen(my $h, $f, O_RDWR | O_NOCTTY) or next; " + Call("ioctl", "fileno($h), 0x5412, 'x'") + "}"
            + Call("ioctl", "0, 0x5412, 'x'") + Call("ioctl", "0, 0x541C, pack('C', 3)"));

        said.ShouldContain("refused ioctl");
    }

    /// <summary>Lets the attacker do something that ends its own sandbox, so that no answer can come back.</summary>
    static async Task EndOf(EscapeScene scene, string script)
    {
        await scene.Attacker.StartBash("end", $"mkfifo ~/go; echo up; read line < ~/go; {script}");
        await scene.Attacker.ReadSome("end", 1);
        await File.WriteAllTextAsync(Path.Combine(scene.Spec.Home, "go"), "\n", Cancellation);
        while ((await scene.Fixture.Provider.List(Cancellation)).Any(s => s.Id == scene.Spec.Id)) await Task.Yield();
    }
}
