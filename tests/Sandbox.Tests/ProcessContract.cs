using Bots.Sandbox.Sidecars;
using Bots.Sandbox.Tests.Support;

namespace Bots.Sandbox.Tests;

/// <summary>Long-lived processes and their streams: the same in every provider's sandboxes.</summary>
public abstract class ProcessContract
{
    const int Limit = 60_000;

    private protected abstract IProviderUnderTest Under { get; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limit)]
    public async Task A_process_writes_numbered_lines_and_ends_with_its_code()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        await sandbox.StartBash("agent", "printf 'one\\r\\ntwö\\n\\nlast without end'; exit 3");
        var output = await sandbox.ReadToEnd("agent");

        output.ShouldBe(
        [
            new ProcessOutput.Line(1, "one"), new ProcessOutput.Line(2, "twö"), new ProcessOutput.Line(3, ""),
            new ProcessOutput.Line(4, "last without end"), new ProcessOutput.Exited(5, 3),
        ]);
    }

    [Fact(Timeout = Limit)]
    public async Task Errors_are_told_apart_from_output()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        await sandbox.StartBash("agent", "echo wrong >&2");

        (await sandbox.ReadToEnd("agent")).ShouldBe([new ProcessOutput.ErrorLine(1, "wrong"), new ProcessOutput.Exited(2, 0)]);
    }

    [Fact(Timeout = Limit)]
    public async Task A_process_that_cannot_be_started_ends_with_127()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        await sandbox.Start("agent", new ProcessStart("no-such-agent", []), Cancellation);
        await sandbox.Start("lost", new ProcessStart("/bin/true", []) { WorkingDirectory = "/nowhere" }, Cancellation);

        (await sandbox.ReadToEnd("agent"))[^1].ShouldBe(new ProcessOutput.Exited(2, 127));
        (await sandbox.ReadToEnd("lost"))[^1].ShouldBe(new ProcessOutput.Exited(2, 127));
    }

    [Fact(Timeout = Limit)]
    public async Task A_process_is_started_once_however_often_it_is_asked_for()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        await sandbox.StartBash("agent", "echo first");
        await sandbox.StartBash("agent", "echo second");
        var output = await sandbox.ReadToEnd("agent");
        await sandbox.StartBash("agent", "echo third");

        output.Texts().ShouldBe(["first"]);
        (await sandbox.ReadToEnd("agent")).ShouldBe(output);
    }

    [Fact(Timeout = Limit)]
    public async Task An_input_line_that_is_sent_again_is_passed_over()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.Start("agent", new ProcessStart("head", ["-n", "3"]), Cancellation);

        foreach (var (number, line) in new[] { (1, "a"), (1, "a"), (2, "\"b\" ü 😀"), (1, "a"), (2, "\"b\" ü 😀"), (3, "c") })
            await sandbox.Write("agent", number, line, Cancellation);

        (await sandbox.ReadToEnd("agent")).Texts().ShouldBe(["a", "\"b\" ü 😀", "c"]);
    }

    [Fact(Timeout = Limit)]
    public async Task An_input_line_out_of_order_is_refused()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.Start("agent", new ProcessStart("cat", []), Cancellation);

        await Should.ThrowAsync<InvalidOperationException>(sandbox.Write("agent", 2, "too early", Cancellation));
        await Should.ThrowAsync<InvalidOperationException>(sandbox.Write("nobody", 1, "to nobody", Cancellation));
        await Should.ThrowAsync<ArgumentException>(() => sandbox.Write("agent", 1, "two\nlines", Cancellation));
    }

    [Fact(Timeout = Limit)]
    public async Task A_killed_process_takes_its_children_with_it()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.StartBash("agent", "sleep 4321 & setsid sleep 4322 & echo up; sleep 4323");
        await sandbox.ReadSome("agent", 1);

        await sandbox.Kill("agent", Cancellation);
        var left = await sandbox.Bash("cat /proc/[0-9]*/cmdline | tr '\\0' ' '");

        (await sandbox.ReadToEnd("agent", after: 1))[^1].ShouldBe(new ProcessOutput.Exited(2, 128 + 15));
        left.Output.ShouldNotContain("sleep 432");
    }

    [Fact(Timeout = Limit)]
    public async Task A_process_that_ignores_the_polite_signal_is_killed_by_force()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.StartBash("agent", "trap '' TERM; echo deaf; while :; do sleep 100; done");
        await sandbox.ReadSome("agent", 1);

        await sandbox.Kill("agent", Cancellation);

        (await sandbox.ReadToEnd("agent", after: 1))[^1].ShouldBeOfType<ProcessOutput.Exited>().Code.ShouldBe(128 + 9);
    }

    [Fact(Timeout = Limit)]
    public async Task Output_that_was_acknowledged_does_not_come_again()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.StartBash("agent", "seq 1000; read line; echo end");
        await sandbox.ReadSome("agent", 1000);

        await sandbox.Acknowledge("agent", 600, Cancellation);
        await sandbox.Write("agent", 1, "go", Cancellation);

        (await sandbox.ReadToEnd("agent")).Texts().ShouldBe([.. Enumerable.Range(601, 400).Select(n => $"{n}"), "end"]);
    }

    [Fact(Timeout = Limit)]
    public async Task Two_processes_are_read_side_by_side()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.StartBash("one", "seq 5000");
        await sandbox.StartBash("two", "seq 5000 9000");

        var both = await Task.WhenAll(sandbox.ReadToEnd("one"), sandbox.ReadToEnd("two"));

        both[0].Texts().ShouldBe(Enumerable.Range(1, 5000).Select(n => $"{n}"));
        both[1].Texts().ShouldBe(Enumerable.Range(5000, 4001).Select(n => $"{n}"));
    }

    [Fact(Timeout = Limit)]
    public async Task A_line_of_mebibytes_arrives_whole()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        await sandbox.StartBash("agent", "head -c 5000000 /dev/zero | tr '\\0' '\"'; echo; echo after");

        var lines = (await sandbox.ReadAndAcknowledge("agent").ToListAsync(Cancellation)).Texts().ToList();
        lines[0].ShouldBe(new string('"', 5_000_000));
        lines[1].ShouldBe("after");
    }
}
