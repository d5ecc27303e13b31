using Bots.Sandbox.Shell;
using Bots.Sandbox.Tests.Support;

namespace Bots.Sandbox.Tests;

public sealed class JailedShellTests : IAsyncLifetime
{
    const int Limit = 60_000;
    static readonly TimeSpan Allowed = TimeSpan.FromMinutes(7);
    readonly ManualTime _time = new();
    readonly string _workspace = Directory.CreateTempSubdirectory("bots-jail-").FullName;
    JailedShell _shell = null!;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _shell = new JailedShell(new JailedShellOptions { Workspace = _workspace }, _time);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _shell.DisposeAsync();
        HostProcesses.With(_workspace).ShouldBeEmpty();
        Directory.Delete(_workspace, recursive: true);
    }

    [Fact(Timeout = Limit)]
    public async Task A_command_returns_its_output_its_errors_its_code_and_its_duration()
    {
        var result = await Run("echo out; echo wrong >&2; (exit 7)");

        result.ExitCode.ShouldBe(7);
        result.Output.ShouldBe("out\n");
        result.Error.ShouldBe("wrong\n");
        result.Duration.ShouldBeGreaterThan(TimeSpan.Zero);
        result.TimedOut.ShouldBeFalse();
        result.State.ShouldBe(ShellState.Kept);
    }

    [Fact(Timeout = Limit)]
    public async Task The_directory_exports_variables_and_functions_persist()
    {
        await Run("mkdir -p a/b && cd a/b && export COLOUR='dark blue' && plain=1 && f() { echo \"f $1\"; } && umask 077");

        (await Run("pwd; echo $COLOUR $plain; f x; umask; env | grep COLOUR")).Output.ShouldBe("/workspace/a/b\ndark blue 1\nf x\n0077\nCOLOUR=dark blue\n");
    }

    [Fact(Timeout = Limit)]
    public async Task A_script_of_many_lines_runs_as_it_is()
    {
        var result = await Run("for i in 1 2\ndo\n  cat <<EOF\n$i 'quoted' \"twice\" \\$x ü\nEOF\ndone # no more");

        result.Output.ShouldBe("1 'quoted' \"twice\" $x ü\n2 'quoted' \"twice\" $x ü\n");
    }

    [Fact(Timeout = Limit)]
    public async Task No_signal_is_ignored_from_the_start()
    {
        (await Run("grep SigIgn /proc/self/status")).Output.ShouldBe("SigIgn:\t0000000000000000\n");
        (await Run("yes | head -1")).Error.ShouldBe("");
    }

    [Fact(Timeout = Limit)]
    public async Task A_command_that_reads_gets_its_input_or_none()
    {
        (await Run("cat; read x; echo end")).Output.ShouldBe("end\n");
        (await _shell.Run("read first; echo \"<$first>\"; wc -c", input: "one\n" + new string('x', 1_000_000), cancellation: Cancellation)).Output.ShouldBe("<one>\n1000000\n");
        (await Run("echo next")).Output.ShouldBe("next\n");
    }

    [Theory(Timeout = Limit)]
    [InlineData("cd sub; export NEW=1; exit 3", 3)]
    [InlineData("exec sh -c 'echo other; exit 4'", 4)]
    [InlineData("kill -KILL $$", 128 + 9)]
    [InlineData("set -e; false; echo not reached", 1)]
    [InlineData("trap 'exit 5' EXIT; exit 2", 5)]
    public async Task A_shell_that_ends_is_followed_by_one_with_the_directory_and_exports_from_before(string command, int code)
    {
        await Run("mkdir -p 'here  it is/sub'; cd 'here  it is'; export KEPT=\"it's kept\"; lost=1; (sleep 1000 & echo $! > background); echo x > /tmp/x");

        var ended = await Run(command);
        var next = await Run("pwd; echo $KEPT $NEW$lost; kill -0 $(cat background) && cat /tmp/x");

        ended.ExitCode.ShouldBe(code);
        ended.State.ShouldBe(ShellState.Renewed);
        next.Output.ShouldBe("/workspace/here  it is\nit's kept\nx\n");
        next.State.ShouldBe(ShellState.Kept);
    }

    [Theory(Timeout = Limit)]
    [InlineData("if", 2)]
    [InlineData("echo 'never closed", 2)]
    [InlineData("no-such-command", 127)]
    [InlineData("/workspace", 126)]
    [InlineData("return 9", 9)]
    [InlineData("", 0)]
    [InlineData("# nothing", 0)]
    public async Task What_is_wrong_with_a_command_ends_the_command_only(string command, int code)
    {
        await Run("still=here");

        var result = await Run(command);

        (result.ExitCode, result.State).ShouldBe((code, ShellState.Kept));
        (await Run("echo $still")).Output.ShouldBe("here\n");
    }

    [Theory(Timeout = Limit)]
    [InlineData("sleep 4321; echo after")]
    [InlineData("while :; do :; done")]
    [InlineData("trap '' TERM INT HUP; while :; do sleep 4321; done")]
    [InlineData("setsid sh -c 'setsid sleep 4321 & sleep 4321' & (sleep 4321 &) ; wait")]
    [InlineData("read() { :; }; exec 9<>/dev/null; sleep 4321")]
    public async Task A_command_whose_time_is_up_is_ended_with_all_it_started_and_earlier_work_goes_on(string command)
    {
        await Run("cd /tmp; export A=1; sleep 5432 & echo $! > earlier");

        var late = await RunTooLong("cd /; export A=2; echo begun; ", command);
        var next = await Run("pwd; echo $A; kill -0 $(cat earlier) && echo earlier runs; pgrep -f 'sleep 432[1]'");

        late.TimedOut.ShouldBeTrue();
        late.ExitCode.ShouldBeNull();
        late.Output.ShouldBe("begun\n");
        late.State.ShouldBe(ShellState.Renewed);
        next.Output.ShouldBe("/tmp\n1\nearlier runs\n");
    }

    [Fact(Timeout = Limit)]
    public async Task A_cancelled_command_is_ended_and_the_shell_goes_on()
    {
        await Run("mkfifo begun; cd /tmp");
        using var impatient = new CancellationTokenSource();
        var running = _shell.Run("echo > /workspace/begun; sleep 4321", cancellation: impatient.Token);
        await File.ReadAllTextAsync(Path.Combine(_workspace, "begun"), Cancellation);

        await impatient.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(running);
        (await Run("pwd; pgrep -f 'sleep 432[1]'")).Output.ShouldBe("/tmp\n");
    }

    [Fact(Timeout = Limit)]
    public async Task Background_processes_run_on_and_do_not_hold_a_command_up()
    {
        await Run("mkfifo go done");

        var started = await Run("(read x < go; echo late output; echo late error >&2; echo written > done) & echo started");
        var silent = await Run("echo > go; read x < done; echo $x");

        started.Output.ShouldBe("started\n");
        started.Duration.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        (silent.Output, silent.Error).ShouldBe(("written\n", ""));
    }

    [Fact(Timeout = Limit)]
    public async Task A_flood_in_the_background_holds_nobody_up()
    {
        await Run("yes flood & echo $! > flooder");

        var results = new List<string>();
        for (var i = 0; i < 5; i++) results.Add((await Run($"echo {i}")).Output);

        results.ShouldBe(["0\n", "1\n", "2\n", "3\n", "4\n"]);
        (await Run("kill $(cat flooder)")).ExitCode.ShouldBe(0);
    }

    [Fact(Timeout = Limit)]
    public async Task Binary_output_comes_byte_for_byte_and_without_a_last_newline()
    {
        var result = await Run("printf '\\000\\377\\001\\n\\n\\200no newline'; printf '\\000' >&2");

        result.OutputBytes.ToArray().ShouldBe([0, 255, 1, 10, 10, 128, .. "no newline"u8]);
        result.ErrorBytes.ToArray().ShouldBe([0]);
    }

    [Fact(Timeout = Limit)]
    public async Task Of_long_output_the_beginning_and_the_end_are_kept_and_the_rest_is_counted()
    {
        var result = await Run("seq 10000000; echo end; seq 10 >&2");

        result.OutputBytes.Length.ShouldBe(1024 * 1024);
        result.Output.ShouldStartWith("1\n2\n3\n");
        result.Output.ShouldEndWith("9999999\n10000000\nend\n");
        (result.OutputBytes.Length + result.OutputOmitted).ShouldBe(78_888_897 + 4);
        result.ErrorOmitted.ShouldBe(0);
        result.Error.ShouldEndWith("9\n10\n");
    }

    [Fact(Timeout = Limit)]
    public async Task Nothing_that_is_printed_is_taken_for_the_end()
    {
        var result = await Run("echo 'done 1 0'; echo 'ended 0'; echo 'done 1 0' >&2; echo done 1 0 >&4 || echo closed; echo x >&3 || echo closed; cat /run/shell/1.sh > /dev/null; echo last; (exit 3)");

        result.ExitCode.ShouldBe(3);
        result.Output.ShouldBe("done 1 0\nended 0\nclosed\nclosed\nlast\n");
        (await Run("echo next")).Output.ShouldBe("next\n");
    }

    [Fact(Timeout = Limit)]
    public async Task Who_forges_reports_fools_himself_only()
    {
        // What it gets wrong for itself must not last: so this one has a clock, and little patience.
        await using var shell = new JailedShell(new JailedShellOptions { Workspace = _workspace, Timeout = TimeSpan.FromSeconds(5) });
        var forged = await shell.Run("for p in /proc/[0-9]*; do for f in $p/fd/*; do case $(readlink $f) in pipe:*) for i in $(seq 0 400); do echo \"done $i 0\"; echo 'ended 7'; echo 'ready 1'; printf x; done > $f;; esac; done; done 2>/dev/null; head -c 10000000 /dev/zero > /proc/2/fd/4; echo still running", TimeSpan.FromSeconds(20), cancellation: Cancellation);
        List<ShellResult> next = [];
        for (var i = 0; i < 8; i++) next.Add(await shell.Run($"echo {i}", cancellation: Cancellation));

        forged.ShouldNotBeNull();
        next[^1].Output.ShouldBe("7\n");
        next[^1].State.ShouldBe(ShellState.Kept);
    }

    [Fact(Timeout = Limit)]
    public async Task A_jail_that_is_ended_from_within_is_said_to_be_lost_and_made_anew()
    {
        await Run("cd /tmp; export A=1");

        var lost = await Run("kill -KILL 2; sleep 4321");
        var next = await Run("pwd; echo \"<$A>\"");

        (lost.State, lost.ExitCode, lost.TimedOut).ShouldBe((ShellState.Lost, null, false));
        next.Output.ShouldBe("/workspace\n<>\n");
    }

    [Fact(Timeout = Limit)]
    public async Task A_shell_killed_between_two_commands_costs_neither()
    {
        await Run("mkfifo go gone; cd /tmp; export A=1");
        await Run("(read x < /workspace/go; kill -KILL $$; while kill -0 $$ 2>/dev/null; do :; done; echo > /workspace/gone) & :");
        await File.WriteAllTextAsync(Path.Combine(_workspace, "go"), "\n", Cancellation);
        await File.ReadAllTextAsync(Path.Combine(_workspace, "gone"), Cancellation);

        (await Run("echo run >> /workspace/runs; pwd; echo $A")).Output.ShouldBe("/tmp\n1\n");

        (await File.ReadAllTextAsync(Path.Combine(_workspace, "runs"), Cancellation)).ShouldBe("run\n");
    }

    [Fact(Timeout = Limit)]
    public async Task Who_keeps_starting_processes_is_over_when_its_time_is()
    {
        var late = await RunTooLong("i=0; while [ $i -lt 40 ]; do (sleep 4321 &); i=$((i+1)); done; ", "while :; do (sh -c 'sleep 4321 & sleep 4321' &) ; sleep 0.01; done");

        late.TimedOut.ShouldBeTrue();
        (await Run("pgrep -c sleep")).Output.ShouldBe("0\n");
    }

    [Fact(Timeout = Limit)]
    public async Task Many_callers_are_served_one_after_the_other()
    {
        await Run("echo 0 > count");

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Run($"n=$(cat count); echo $((n + 1)) > count; echo {i}; echo error {i} >&2")));

        results.Select(r => (r.Output, r.Error)).ShouldBe(Enumerable.Range(0, 50).Select(i => ($"{i}\n", $"error {i}\n")));
        (await Run("cat count")).Output.ShouldBe("50\n");
    }

    [Fact(Timeout = Limit)]
    public async Task It_is_jailed()
    {
        var secret = Path.Combine(Path.GetTempPath(), $"secret-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(secret, "a secret", Cancellation);
        Environment.SetEnvironmentVariable("BOTS_JAIL_SECRET", "another secret");
        try
        {
            (await Run("touch /workspace/mine; for f in /x /usr/x /etc/x /run/shell/x /run/x; do (echo x > $f) 2>/dev/null && echo wrote $f; done")).Output.ShouldBe("");
            File.Exists(Path.Combine(_workspace, "mine")).ShouldBeTrue();
            (await Run($"cat {secret} /etc/shadow; ls -A /root /home; cat /proc/*/environ; env")).Output.ShouldNotContain("secret");
            (await Run("tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '; grep -E '^Cap(Prm|Eff)|NoNewPrivs' /proc/self/status | tr -s '\\t\\n' ' '; id -u; hostname")).Output
                .ShouldBe("lo\nCapPrm: 0000000000000000 CapEff: 0000000000000000 NoNewPrivs: 1 1000\njail\n");
            (await Run("unshare -U true")).ExitCode.ShouldNotBe(0);
            (await Run("ls /proc | grep -c '^[0-9]'")).Output.Length.ShouldBeLessThan(3);
        }
        finally
        {
            File.Delete(secret);
            Environment.SetEnvironmentVariable("BOTS_JAIL_SECRET", null);
        }
    }

    [Fact(Timeout = Limit)]
    public async Task It_sees_what_it_is_given()
    {
        var tools = Directory.CreateDirectory(Path.Combine(_workspace, "outside")).FullName;
        await File.WriteAllTextAsync(Path.Combine(tools, "tool"), "#!/bin/sh\necho the tool\n", Cancellation);
        await Run("chmod +x outside/tool");
        await using var shell = new JailedShell(new JailedShellOptions
        {
            Workspace = _workspace,
            ReadOnly = new Dictionary<string, string> { [tools] = "/opt/tools" },
            Environment = new Dictionary<string, string> { ["PATH"] = "/opt/tools:/usr/bin:/bin", ["COLOUR"] = "two words; `false` 'x'" },
        });

        (await shell.Run("tool; echo \"$COLOUR\"", cancellation: Cancellation)).Output.ShouldBe("the tool\ntwo words; `false` 'x'\n");
    }

    [Fact(Timeout = Limit)]
    public async Task A_shell_that_is_disposed_of_ends_with_what_it_runs()
    {
        await Run("mkfifo begun; sleep 5432 &");
        var running = Run("echo > begun; sleep 4321");
        await File.ReadAllTextAsync(Path.Combine(_workspace, "begun"), Cancellation);

        await _shell.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(running);
        await Should.ThrowAsync<ObjectDisposedException>(Run("echo no more"));
    }

    [Fact(Timeout = Limit)]
    public async Task When_nobody_holds_it_any_more_it_ends_by_itself()
    {
        var folder = new JailFolder();
        var options = new JailedShellOptions { Workspace = _workspace };
        await using var jail = await Jail.Start(options, folder, TimeProvider.System, Cancellation);
        using var files = CommandFiles.Write(folder, 1, "exec sleep 4321", input: null, limit: 100);
        var running = jail.Run(1, Cancellation);

        folder.LetGo();

        (await running).ShouldBe(JailEnd.Lost);
    }

    [Fact(Timeout = Limit)]
    public async Task Without_bubblewrap_it_says_so()
    {
        await using var shell = new JailedShell(new JailedShellOptions { Workspace = _workspace, Command = "/nowhere/bwrap" });

        (await Should.ThrowAsync<SandboxException>(shell.Run("true", cancellation: Cancellation))).Message.ShouldContain("/nowhere/bwrap");
    }

    [Fact]
    public void Options_that_make_no_sense_are_named()
    {
        var options = new JailedShellOptions { Workspace = _workspace };

        Should.Throw<ArgumentException>(() => new JailedShell(options with { Workspace = "/nowhere" })).Message.ShouldContain("/nowhere");
        Should.Throw<ArgumentException>(() => new JailedShell(options with { Workspace = "relative" })).Message.ShouldContain("Workspace");
        Should.Throw<ArgumentException>(() => new JailedShell(options with { ReadOnly = new Dictionary<string, string> { ["/nowhere"] = "/x" } })).Message.ShouldContain("/nowhere");
        Should.Throw<ArgumentException>(() => new JailedShell(options with { Environment = new Dictionary<string, string> { ["A=B"] = "" } })).Message.ShouldContain("A=B");
        Should.Throw<ArgumentException>(() => new JailedShell(options with { Timeout = TimeSpan.Zero })).Message.ShouldContain("Timeout");
        Should.Throw<ArgumentException>(() => new JailedShell(options with { OutputBytes = 1 })).Message.ShouldContain("OutputBytes");
    }

    /// <summary>Runs a command and, once its first part is done, lets its time be over.</summary>
    async Task<ShellResult> RunTooLong(string first, string rest)
    {
        var pipe = Path.Combine(_workspace, "pipe");
        await Run("mkfifo /workspace/pipe");
        var running = _shell.Run($"{first} echo > /workspace/pipe; {rest}", Allowed, cancellation: Cancellation);
        await File.ReadAllTextAsync(pipe, Cancellation);
        _time.Advance(Allowed);
        return await running;
    }

    Task<ShellResult> Run(string command) => _shell.Run(command, cancellation: Cancellation);
}
