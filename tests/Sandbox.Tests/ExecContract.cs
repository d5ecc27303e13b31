using Bots.Sandbox.Sidecars;
using Bots.Sandbox.Tests.Support;

namespace Bots.Sandbox.Tests;

/// <summary>Running commands: the same in every provider's sandboxes.</summary>
public abstract class ExecContract
{
    const int Limit = 60_000;

    private protected abstract IProviderUnderTest Under { get; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limit)]
    public async Task A_command_returns_its_output_its_errors_and_its_code()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        var result = await sandbox.Bash("echo out; echo wrong >&2; exit 7");

        result.ShouldBe(new ExecResult(7, "out\n", "wrong\n"));
    }

    [Fact(Timeout = Limit)]
    public async Task What_the_sidecar_cannot_read_is_refused_and_the_connection_holds()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        var nothing = new Dictionary<string, string> { ["START"] = null! };

        var refused = await Should.ThrowAsync<InvalidOperationException>(() => sandbox.Exec(new ExecRequest("true", []) { Environment = nothing }, Cancellation));

        refused.Message.ShouldContain("A string was expected");
        (await sandbox.Bash("echo still here")).Output.ShouldBe("still here\n");
    }

    [Fact(Timeout = Limit)]
    public async Task A_command_reads_its_input_to_the_end()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        var counted = await sandbox.Exec(new ExecRequest("wc", ["-c"]) { Input = new string('ä', 200_000) }, Cancellation);
        var without = await sandbox.Exec(new ExecRequest("wc", ["-c"]), Cancellation);

        counted.Output.Trim().ShouldBe("400000");
        without.Output.Trim().ShouldBe("0");
    }

    [Fact(Timeout = Limit)]
    public async Task A_command_runs_where_and_with_what_it_is_told()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        var result = await sandbox.Exec(
            new ExecRequest("/bin/sh", ["-c", "echo $PWD $COLOUR $HOME $NO_COLOR $CI $BOTS_GATEWAY $TMPDIR $XDG_CONFIG_HOME $XDG_DATA_HOME $XDG_STATE_HOME $XDG_CACHE_HOME"])
            {
                WorkingDirectory = "/tmp",
                Environment = new Dictionary<string, string> { ["COLOUR"] = "blue" },
            },
            Cancellation);

        result.Output.ShouldBe("/tmp blue /home/agent 1 1 http://127.0.0.1:7070 /tmp /home/agent/.config /home/agent/.local/share /home/agent/.local/state /home/agent/.cache\n");
    }

    [Fact(Timeout = Limit)]
    public async Task A_command_whose_time_is_up_is_ended_with_all_it_started()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        var result = await sandbox.Exec(
            new ExecRequest("/bin/bash", ["-c", "echo begun; sleep 4321 & setsid sleep 4322 & sleep 4323"]) { Timeout = TimeSpan.FromSeconds(1) },
            Cancellation);
        var left = await sandbox.Bash("cat /proc/[0-9]*/cmdline | tr '\\0' ' '");

        result.Code.ShouldBeNull();
        result.Output.ShouldBe("begun\n");
        left.Output.ShouldNotContain("sleep 432");
    }

    [Fact(Timeout = Limit)]
    public async Task A_command_that_ignores_the_polite_signal_is_ended_by_force()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        var result = await sandbox.Exec(
            new ExecRequest("/bin/bash", ["-c", "trap '' TERM; echo deaf; while :; do sleep 100; done"]) { Timeout = TimeSpan.FromSeconds(1) },
            Cancellation);

        result.Code.ShouldBeNull();
        result.Output.ShouldBe("deaf\n");
    }

    [Fact(Timeout = Limit)]
    public async Task Of_long_output_the_last_mebibyte_is_returned()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        var result = await sandbox.Bash("head -c 5000000 /dev/zero | tr '\\0' x; echo; echo end");

        result.Output.Length.ShouldBe(1024 * 1024);
        result.Output.ShouldEndWith("x\nend\n");
    }

    [Fact(Timeout = Limit)]
    public async Task A_command_that_is_not_there_has_code_127()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        var unknown = await sandbox.Exec(new ExecRequest("no-such-command", []), Cancellation);
        var nowhere = await sandbox.Exec(new ExecRequest("/bin/true", []) { WorkingDirectory = "/nowhere" }, Cancellation);

        unknown.Code.ShouldBe(127);
        unknown.Error.ShouldContain("no-such-command");
        nowhere.Code.ShouldBe(127);
        nowhere.Error.ShouldContain("/nowhere");
    }

    [Fact(Timeout = Limit)]
    public async Task A_command_that_leaves_something_running_returns_all_the_same()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        var result = await sandbox.Bash("sleep 1000 & echo started");

        result.ShouldBe(new ExecResult(0, "started\n", ""));
    }

    [Fact(Timeout = Limit)]
    public async Task A_command_runs_once_though_the_connection_is_cut_while_it_runs()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.Bash("mkfifo go begun");
        var workspace = fixture.Folder($"{sandbox.Sandbox}/workspace");

        var running = sandbox.Bash("echo run >> runs; echo > begun; read line < go; echo $line");
        await File.ReadAllTextAsync(Path.Combine(workspace, "begun"), Cancellation);
        fixture.Plane.Cut();
        await File.WriteAllTextAsync(Path.Combine(workspace, "go"), "went\n", Cancellation);
        var result = await running;

        result.Output.ShouldBe("went\n");
        (await File.ReadAllTextAsync(Path.Combine(workspace, "runs"), Cancellation)).ShouldBe("run\n");
    }

    [Fact(Timeout = Limit)]
    public async Task A_command_nobody_waits_for_any_longer_is_ended()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.Bash("mkfifo begun");
        using var impatient = new CancellationTokenSource();

        var running = sandbox.Exec(new ExecRequest("/bin/bash", ["-c", "echo $$ > begun; exec sleep 1000"]), impatient.Token);
        var process = await File.ReadAllTextAsync(fixture.Folder($"{sandbox.Sandbox}/workspace") + "/begun", Cancellation);
        await impatient.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(running);
        (await sandbox.Bash($"while [ -e /proc/{process.Trim()} ]; do :; done")).Code.ShouldBe(0);
    }
}
