using System.Runtime.InteropServices;
using Bots.Sandbox.Sidecars;
using Bots.Sandbox.Tests.Support;

namespace Bots.Sandbox.Tests;

/// <summary>What a sandbox must not see or reach, and what it must: the same for every provider.</summary>
public abstract class IsolationContract
{
    const int Limit = 60_000;

    private protected abstract IProviderUnderTest Under { get; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limit)]
    public async Task There_is_no_network_but_loopback()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        var interfaces = await sandbox.Bash("tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '");
        var outside = await sandbox.Bash("exec 3<>/dev/tcp/192.0.2.1/80");

        interfaces.Output.ShouldBe("lo\n");
        outside.Code.ShouldNotBe(0);
        outside.Error.ShouldContain("unreachable");
    }

    [Fact(Timeout = Limit)]
    public async Task The_gateway_is_reached_through_loopback()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        var answer = await sandbox.Bash(
            "exec 3<>/dev/tcp/127.0.0.1/7070;"
            + "printf 'POST /llm/test/chat HTTP/1.1\\r\\nHost: gateway\\r\\nAuthorization: Bearer %s\\r\\nContent-Length: 5\\r\\nConnection: close\\r\\n\\r\\nhello' $BOTS_TOKEN >&3;"
            + "cat <&3");

        answer.Output.ShouldStartWith("HTTP/1.1 200 OK");
        answer.Output.ShouldContain($"{sandbox.Sandbox} asked /llm/test/chat hello");
    }

    [Fact(Timeout = Limit)]
    public async Task A_connection_to_the_gateway_waits_while_the_service_restarts()
    {
        await using var fixture = new SandboxFixture(Under);
        var spec = fixture.Spec();
        var sandbox = await fixture.Start(spec);
        await sandbox.Bash("mkfifo go opened");
        await sandbox.StartBash("agent",
            "read line < go; exec 3<>/dev/tcp/127.0.0.1/7070; echo > opened;"
            + "printf 'POST /llm/x HTTP/1.1\\r\\nHost: g\\r\\nConnection: close\\r\\nContent-Length: 0\\r\\nAuthorization: Bearer %s\\r\\n\\r\\n' $BOTS_TOKEN >&3;"
            + "cat <&3 | grep -a asked");

        await fixture.StopService();
        await File.WriteAllTextAsync(Path.Combine(spec.Workspace, "go"), "\n", Cancellation);
        await File.ReadAllTextAsync(Path.Combine(spec.Workspace, "opened"), Cancellation);
        await fixture.StartService();

        (await (await fixture.Connected(spec.Id)).ReadToEnd("agent")).Texts().ShouldHaveSingleItem().ShouldStartWith($"{spec.Id} asked /llm/x");
    }

    [Fact(Timeout = Limit)]
    public async Task Nothing_of_the_host_is_seen()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        var secret = Path.Combine(fixture.Folder("secrets"), "key");
        await File.WriteAllTextAsync(secret, "secret", Cancellation);

        var result = await sandbox.Bash($"cat {secret} /etc/shadow /root/.bashrc; ls -A /root; ls -A /home; hostname; id -u; id -g");

        result.Output.ShouldBe("agent\nsandbox\n1000\n1000\n");
        (await sandbox.Bash("ls /proc | grep -c '^[0-9]'")).Output.Length.ShouldBeLessThan(3);
    }

    [Fact(Timeout = Limit)]
    public async Task What_is_not_its_own_cannot_be_written()
    {
        await using var fixture = new SandboxFixture(Under);
        var spec = fixture.Spec();
        var tools = fixture.Folder("tools");
        await File.WriteAllTextAsync(Path.Combine(tools, "agent"), "the agent", Cancellation);
        spec = spec with { ReadOnly = new Dictionary<string, string> { [tools] = "/opt/agents/tools" } };
        var sandbox = await fixture.Start(spec);

        var read = await sandbox.Bash("cat /opt/agents/tools/agent");
        var writes = await sandbox.Bash(
            "for f in /x /usr/x /etc/x /run/bots/x /opt/bots/sidecar/x /opt/agents/tools/x; do (echo x > $f) 2>/dev/null && echo wrote $f; done; true");

        read.Output.ShouldBe("the agent");
        writes.Output.ShouldBe("");
    }

    /// <summary>It asks for permission only: where this fails, writing would change the machine the tests run on.</summary>
    [Fact(Timeout = Limit)]
    public async Task The_kernels_settings_are_closed_even_if_the_service_runs_as_root()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        var writable = await sandbox.Bash(@"find / -path '/proc/[0-9]*' -prune -o -path /proc/self -prune -o -path /proc/thread-self -prune -o -path /workspace -prune -o -path /home/agent -prune"
            + @" -o -path /tmp -prune -o -path /dev -prune -o -type f -writable -print 2>/dev/null"
            + " | while read file; do [ -f $file ] && [ -w $file ] && echo $file; done; true");

        writable.Output.ShouldBe("");
    }

    [Fact(Timeout = Limit)]
    public async Task It_has_no_capabilities_and_can_get_none()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        var capabilities = await sandbox.Bash("grep -E '^Cap(Inh|Prm|Eff|Amb)' /proc/self/status | cut -f2 | sort -u");
        var privileges = await sandbox.Bash("grep NoNewPrivs /proc/self/status | cut -f2");
        var namespaces = await sandbox.Bash("unshare -U true");

        capabilities.Output.ShouldBe("0000000000000000\n");
        privileges.Output.ShouldBe("1\n");
        namespaces.Code.ShouldNotBe(0);
    }

    [Fact(Timeout = Limit)]
    public async Task Files_go_both_ways_between_workspace_and_host()
    {
        await using var fixture = new SandboxFixture(Under);
        var spec = fixture.Spec();
        var fromHost = Path.Combine(spec.Workspace, "from-host");
        await File.WriteAllTextAsync(fromHost, "host", Cancellation);
        var sandbox = await fixture.Start(spec);

        var result = await sandbox.Bash("echo ' and sandbox' >> from-host && mkdir -m 700 own && echo mine > own/file && echo home > ~/file");
        File.Delete(Path.Combine(spec.Workspace, "own/file"));

        result.Code.ShouldBe(0);
        (await File.ReadAllTextAsync(fromHost, Cancellation)).ShouldBe("host and sandbox\n");
        (await File.ReadAllTextAsync(Path.Combine(spec.Home, "file"), Cancellation)).ShouldBe("home\n");
    }

    [Fact(Timeout = Limit)]
    public async Task Two_sandboxes_know_nothing_of_each_other()
    {
        await using var fixture = new SandboxFixture(Under);
        var (one, two) = (await fixture.Start(), await fixture.Start());
        await one.Bash("echo private > /workspace/note; echo private > ~/note; echo private > /tmp/note");
        await one.StartBash("agent", "echo up; exec -a neighbour sleep 1000");
        await one.ReadSome("agent", 1);

        var seen = await two.Bash("cat /workspace/note ~/note /tmp/note; cat /proc/[0-9]*/cmdline");

        seen.Output.ShouldNotContain("private");
        seen.Output.ShouldNotContain("neighbour");
    }

    [Fact(Timeout = Limit)]
    public async Task The_registration_token_is_nowhere_to_be_found()
    {
        await using var fixture = new SandboxFixture(Under);
        var spec = fixture.Spec();
        var sandbox = await fixture.Start(spec);
        await sandbox.StartBash("agent", "env; echo end; sleep 1000");
        var agent = await sandbox.Read("agent", 0, Cancellation).TakeWhile(o => o is not ProcessOutput.Line { Text: "end" }).ToListAsync(Cancellation);

        var inside = await sandbox.Bash("env; cat /proc/*/environ /proc/*/cmdline; cat /proc/*/mem");

        string.Join('\n', agent.Texts()).ShouldContain("BOTS_TOKEN=");
        string.Join('\n', agent.Texts()).ShouldNotContain(spec.RegistrationToken);
        inside.Output.ShouldContain("BOTS_TOKEN=");
        inside.Output.ShouldNotContain(spec.RegistrationToken);
        HostProcesses.With(spec.RegistrationToken).ShouldBeEmpty();
    }

    [Fact(Timeout = Limit)]
    public async Task The_services_own_environment_stays_outside()
    {
        var marker = $"{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable("BOTS_TEST_SECRET", marker);
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        var inside = await sandbox.Bash("env; cat /proc/*/environ");

        inside.Output.ShouldContain("BOTS_TOKEN=");
        inside.Output.ShouldNotContain(marker);
    }

    [Fact(Timeout = Limit)]
    public async Task The_sidecars_own_files_are_closed_to_what_it_runs()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        var sidecar = await sandbox.Bash("cd $(dirname $(grep -lsx dotnet /proc/[0-9]*/comm)) && cat comm; for f in fd/*; do readlink $f; done; cat environ maps");
        var init = await sandbox.Bash("for f in /proc/1/fd/*; do readlink $f; done | grep -v -e '^pipe:' -e '^anon_inode:' -e '^/dev/null$'");

        sidecar.Output.ShouldBe("dotnet\n");
        init.Output.ShouldBe("");
    }

    [Fact(Timeout = Limit)]
    public async Task Orphans_are_reaped()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.Bash("mkfifo go");

        var orphan = (await sandbox.Bash("(read line < go) </dev/null >/dev/null 2>&1 & echo $!")).Output.Trim();
        var alive = await sandbox.Bash($"test -e /proc/{orphan}; echo $?; echo > go; while [ -e /proc/{orphan} ]; do :; done; echo reaped");

        alive.ShouldBe(new ExecResult(0, "0\nreaped\n", ""));
    }

    /// <summary>Each is refused before its arguments are looked at; with these, none would do anything.</summary>
    [Fact(Timeout = Limit)]
    public async Task The_kernel_refuses_what_no_program_needs()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        (string Name, int X64, int Arm64, string Arguments)[] calls =
        [
            ("mount", 165, 40, "'none', '/tmp', 'tmpfs', 0, 0"), ("umount2", 166, 39, "'/proc', 0"), ("pivot_root", 155, 41, "'/tmp', '/tmp'"), ("chroot", 161, 51, "'/tmp'"),
            ("unshare", 272, 97, "0x10000000"), ("unshare", 272, 97, "0x20000"), ("setns", 308, 268, "0, 0"), ("open_by_handle_at", 304, 265, "0, 0, 0"),
            ("bpf", 321, 280, "0, 0, 0"), ("perf_event_open", 298, 241, "0, 0, 0, 0, 0"), ("keyctl", 250, 219, "0, 0"), ("add_key", 248, 217, "0, 0, 0, 0, 0"),
            ("init_module", 175, 105, "0, 0, 0"), ("finit_module", 313, 273, "0, 0, 0"), ("delete_module", 176, 106, "'none', 0"), ("kexec_load", 246, 104, "0, 0, 0, 0"),
            ("reboot", 169, 142, "0, 0, 0"), ("swapon", 167, 224, "'/none', 0"), ("swapoff", 168, 225, "'/none'"), ("acct", 163, 89, "'/none'"), ("quotactl", 179, 60, "0, 0, 0, 0"),
            ("settimeofday", 164, 170, "pack('q2', -1, -1), 0"), ("sethostname", 170, 161, "'none', 4"), ("process_vm_readv", 310, 270, "1, 0, 0, 0, 0, 0"),
            ("socket raw", 41, 198, "2, 3, 1"), ("socket packet", 41, 198, "17, 3, 0"),
        ];
        int[] refusals = [1, 38, 97]; // EPERM, ENOSYS, EAFNOSUPPORT

        var number = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? (Func<int, int, int>)((x, _) => x) : (_, a) => a;
        var tried = await sandbox.Bash(string.Join('\n', calls.Select(c => $"perl -e 'my @arguments = ({c.Arguments.Replace("'", "\"")}); print syscall({number(c.X64, c.Arm64)}, @arguments) == -1 ? $!+0 : \"done\", \"\\n\"'")));

        var results = tried.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        calls.Zip(results).Where(c => !refusals.Any(r => c.Second == $"{r}")).ShouldBeEmpty();
        results.Length.ShouldBe(calls.Length);
    }

    [Fact(Timeout = Limit)]
    public async Task Programs_that_run_as_their_owner_run_as_the_agent()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        var own = await sandbox.Bash("cp /usr/bin/id ~/id && chmod 6755 ~/id && ~/id -u; cp /usr/bin/id /tmp/id && chmod 6755 /tmp/id && /tmp/id -u");
        var systems = await sandbox.Bash("su root -c 'id -u' </dev/null; mount -t tmpfs none /tmp && echo mounted");

        own.Output.ShouldBe("1000\n1000\n");
        systems.Output.ShouldBe("");
        systems.Code.ShouldNotBe(0);
    }

    [Fact(Timeout = Limit)]
    public async Task The_only_socket_it_is_given_is_the_services()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        var sockets = await sandbox.Bash("find / -path /proc -prune -o -type s -print 2>/dev/null; ls -d /var/run/docker.sock /run/docker.sock /run/systemd /run/dbus 2>/dev/null");

        sockets.Output.ShouldBe("/run/bots/control.sock\n");
    }

    [Fact(Timeout = Limit)]
    public async Task What_the_kernel_tells_of_itself_is_hidden()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        var read = await sandbox.Bash("cat /proc/kcore /proc/keys /proc/timer_list /proc/latency_stats /proc/sched_debug /proc/kmsg 2>/dev/null | head -c 100; ls -A /proc/scsi /proc/acpi 2>/dev/null | grep -v :$");

        read.Output.Trim().ShouldBe("");
    }

    [Fact(Timeout = Limit)]
    public async Task Devices_are_the_harmless_ones_and_no_others_can_be_made()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        var devices = await sandbox.Bash("find /dev -not -path '/dev/pts/*' | while read -r file; do if [ -b $file -o -c $file ]; then echo $file; fi; done | xargs");
        var made = await sandbox.Bash("for place in /tmp ~ /workspace; do mknod $place/disk b 8 0 && echo made; mknod $place/mem c 1 1 && echo made; done");

        devices.Output.ShouldContain("/dev/null");
        devices.Output.Trim().Split(' ').Except(["/dev/console", "/dev/full", "/dev/null", "/dev/ptmx", "/dev/random", "/dev/tty", "/dev/urandom", "/dev/zero"]).ShouldBeEmpty();
        made.Output.ShouldBe("");
    }
}
