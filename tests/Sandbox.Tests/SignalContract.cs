using System.Text;
using Bots.Sandbox.Sidecars;
using Bots.Sandbox.Tests.Support;

namespace Bots.Sandbox.Tests;

/// <summary>Signals and what ended processes leave behind: the same in every provider's sandboxes.</summary>
public abstract class SignalContract
{
    const int Limit = 60_000;

    private protected abstract IProviderUnderTest Under { get; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limit)]
    public async Task A_sidecar_that_is_asked_to_end_asks_its_processes_first()
    {
        await using var fixture = new SandboxFixture(Under);
        var spec = fixture.Spec();
        var sandbox = await fixture.Start(spec);
        await sandbox.Bash("mkfifo last-words");
        await sandbox.StartBash("agent", "trap 'echo bye > last-words; exit' TERM; echo up; while :; do read -t 1000; done");
        await sandbox.StartBash("flood", "trap exit TERM; echo up; while :; do echo flood flood flood; done");
        await sandbox.ReadSome("agent", 1);
        await sandbox.ReadSome("flood", 1);

        _ = sandbox.Bash("kill -TERM $PPID");
        var words = await File.ReadAllLinesAsync(Path.Combine(spec.Workspace, "last-words"), Cancellation);

        words.ShouldBe(["bye"]);
        while ((await fixture.Provider.List(Cancellation)).Count > 0) await Task.Yield();
        HostProcesses.With(spec.Id.Value).ShouldBeEmpty();
    }

    /// <summary>Also where whoever started the service ignored some, as <c>nohup</c> does, and .NET itself.</summary>
    [Fact(Timeout = Limit)]
    public async Task No_signal_is_ignored_from_the_start()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        const string ignored = "grep SigIgn /proc/self/status", none = "SigIgn:\t0000000000000000";
        await using var terminal = await sandbox.OpenTerminal(new TerminalRequest("/bin/sh", "-c", ignored), Cancellation);
        await sandbox.StartBash("agent", ignored);
        var screen = new StringBuilder();
        await foreach (var part in terminal.Read(Cancellation)) screen.Append(Encoding.UTF8.GetString(part.Span));

        screen.ToString().ShouldBe($"{none}\r\n");
        (await sandbox.ReadToEnd("agent")).Texts().ShouldBe([none]);
        (await sandbox.Bash(ignored)).Output.ShouldBe($"{none}\n");
    }

    [Fact(Timeout = Limit)]
    public async Task A_signal_reaches_everything_a_process_started()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.StartBash("agent", "bash -c 'trap \"echo child; exit\" TERM; echo up; while :; do read -t 1000 <> <(:); done' & trap 'echo parent' TERM; wait; wait");
        await sandbox.ReadSome("agent", 1);

        await sandbox.Kill("agent", Cancellation);

        (await sandbox.ReadToEnd("agent", after: 1)).Texts().ShouldBe(["child", "parent"], ignoreOrder: true);
    }

    [Fact(Timeout = Limit)]
    public async Task Killing_a_process_that_floods_unread_output_does_not_wait_for_a_reader()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.StartBash("agent", "yes");
        await sandbox.ReadSome("agent", 1);

        await sandbox.Kill("agent", Cancellation);

        (await sandbox.Bash("pgrep -x yes")).Output.ShouldBe("");
        (await sandbox.ReadAndAcknowledge("agent").LastAsync(Cancellation)).ShouldBeOfType<ProcessOutput.Exited>().Code.ShouldBe(128 + 15);
    }

    [Fact(Timeout = Limit)]
    public async Task No_zombies_remain()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.StartBash("agent", "for i in $(seq 50); do (setsid true & setsid sh -c 'true & true &' &) ; done; echo done; read line");
        await sandbox.ReadSome("agent", 1);

        var reaped = await sandbox.Bash("while cat /proc/[0-9]*/stat 2>/dev/null | grep -q ') Z '; do :; done; echo none left");

        reaped.Output.ShouldBe("none left\n");
    }
}
