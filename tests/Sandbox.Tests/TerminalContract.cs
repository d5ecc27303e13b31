using System.Text;
using Bots.Sandbox.Sidecars;
using Bots.Sandbox.Tests.Support;

namespace Bots.Sandbox.Tests;

/// <summary>Terminals: the same in every provider's sandboxes.</summary>
public abstract class TerminalContract
{
    const int Limit = 60_000;

    private protected abstract IProviderUnderTest Under { get; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limit)]
    public async Task A_program_on_a_terminal_has_a_real_one_of_the_size_asked_for()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        await using var terminal = await sandbox.OpenTerminal(
            new TerminalRequest("/bin/sh", "-c", "test -t 0 && test -t 1 && test -t 2 && stty size && tty && echo $TERM; : >/dev/tty && echo leads; exit 7")
            {
                Size = new TerminalSize(132, 43),
            },
            Cancellation);
        var screen = new Screen(terminal);

        (await screen.ToEnd()).ShouldMatch(@"\A43 132\r\n/dev/pts/\d+\r\nxterm-256color\r\nleads\r\n\z");
        (await terminal.ExitCode).ShouldBe(7);
    }

    [Fact(Timeout = Limit)]
    public async Task Keys_reach_the_program_and_are_echoed()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await using var terminal = await sandbox.OpenTerminal(new TerminalRequest("/bin/sh", "-c", "read line; echo got $line"), Cancellation);

        (await terminal.Write("hellö\r"u8.ToArray(), Cancellation)).ShouldBeTrue();

        (await new Screen(terminal).ToEnd()).ShouldBe("hellö\r\ngot hellö\r\n");
    }

    [Fact(Timeout = Limit)]
    public async Task A_resize_reaches_the_program()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await using var terminal = await sandbox.OpenTerminal(
            new TerminalRequest("/bin/bash", "-c", "trap 'stty size; exit' WINCH; echo ready; while :; do read -t 1000; done"), Cancellation);
        var screen = new Screen(terminal);
        await screen.Until("ready");

        await terminal.Resize(new TerminalSize(100, 50), Cancellation);

        (await screen.ToEnd()).ShouldEndWith("50 100\r\n");
    }

    [Fact(Timeout = Limit)]
    public async Task Ctrl_C_interrupts_what_runs_in_the_foreground_and_the_shell_lives_on()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await using var terminal = await sandbox.OpenTerminal(new TerminalRequest("/bin/bash", "--norc", "-i"), Cancellation);
        var screen = new Screen(terminal);

        await terminal.Write("sh -c 'echo be''gun; exec sleep 1000'\r"u8.ToArray(), Cancellation);
        await screen.Until("begun");
        await terminal.Write("\u0003"u8.ToArray(), Cancellation);
        await terminal.Write("echo al''ive; exit 3\r"u8.ToArray(), Cancellation);

        (await screen.ToEnd()).ShouldContain("alive");
        (await terminal.ExitCode).ShouldBe(3);
    }

    [Fact(Timeout = Limit)]
    public async Task A_closed_terminal_takes_its_programs_with_it()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        var terminal = await sandbox.OpenTerminal(new TerminalRequest("/bin/bash", "--norc", "-i"), Cancellation);
        var screen = new Screen(terminal);
        await terminal.Write("sleep 4321 & sh -c 'echo be''gun; exec sleep 4322'\r"u8.ToArray(), Cancellation);
        await screen.Until("begun");

        await terminal.Close();
        await screen.ToEnd();

        // A program that ends bears no name any more before it lets its terminal go.
        (await sandbox.Bash("while pgrep -f 'sleep 432[12]' >/dev/null || ls /dev/pts | grep -q '^[0-9]'; do :; done; echo gone")).Output.ShouldBe("gone\n");
        (await sandbox.Activity(Cancellation)).OpenTerminals.ShouldBe(0);
        (await terminal.Write("x"u8.ToArray(), Cancellation)).ShouldBeFalse();
    }

    [Fact(Timeout = Limit)]
    public async Task A_flood_on_a_terminal_waits_for_its_reader_and_arrives_whole()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await using var terminal = await sandbox.OpenTerminal(new TerminalRequest("/bin/sh", "-c", "stty -opost; seq 1000000"), Cancellation);

        (await new Screen(terminal).ToEnd()).ShouldBe(string.Concat(Enumerable.Range(1, 1_000_000).Select(n => $"{n}\n")));
    }

    [Fact(Timeout = Limit)]
    public async Task A_terminal_goes_on_when_the_connection_is_cut()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await using var terminal = await sandbox.OpenTerminal(new TerminalRequest("/bin/sh", "-c", "stty -echo; echo ready; read a; echo $a; read b; echo $b"), Cancellation);
        var screen = new Screen(terminal);
        await screen.Until("ready\r\n");

        fixture.Plane.Cut();
        await terminal.Write("one\r"u8.ToArray(), Cancellation);
        await screen.Until("one\r\n");
        fixture.Plane.Cut();
        await terminal.Write("two\r"u8.ToArray(), Cancellation);

        (await screen.ToEnd()).ShouldBe("ready\r\none\r\ntwo\r\n");
    }

    [Fact(Timeout = Limit)]
    public async Task A_terminal_of_a_service_that_is_no_more_is_closed()
    {
        await using var fixture = new SandboxFixture(Under);
        var spec = fixture.Spec();
        var sandbox = await fixture.Start(spec);
        var terminal = await sandbox.OpenTerminal(new TerminalRequest("/bin/sh", "-c", "echo up; exec sleep 4321"), Cancellation);
        await new Screen(terminal).Until("up");

        await fixture.StopService();
        await fixture.StartService();
        var again = await fixture.Connected(spec.Id);

        (await again.Bash("while pgrep -f 'sleep 432[1]' >/dev/null; do :; done")).Code.ShouldBe(0);
    }

    [Fact(Timeout = Limit)]
    public async Task A_program_that_is_not_there_is_told_on_the_screen()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await using var unknown = await sandbox.OpenTerminal(new TerminalRequest("no-such-shell"), Cancellation);
        await using var nowhere = await sandbox.OpenTerminal(new TerminalRequest { WorkingDirectory = "/nowhere" }, Cancellation);

        (await new Screen(unknown).ToEnd()).ShouldContain("no-such-shell");
        (await unknown.ExitCode).ShouldBe(127);
        (await new Screen(nowhere).ToEnd()).ShouldContain("/nowhere");
        (await nowhere.ExitCode).ShouldBe(127);
    }

    [Fact(Timeout = Limit)]
    public async Task A_lost_sandbox_closes_its_terminals()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await using var terminal = await sandbox.OpenTerminal(new TerminalRequest(), Cancellation);

        fixture.Hub.Forget(sandbox.Sandbox);

        (await Should.ThrowAsync<SandboxException>(new Screen(terminal).ToEnd())).Failure.ShouldBe(SandboxFailure.Lost);
    }

    /// <summary>What has been shown.</summary>
    sealed class Screen(ITerminal terminal)
    {
        readonly IAsyncEnumerator<ReadOnlyMemory<byte>> _parts = terminal.Read(Cancellation).GetAsyncEnumerator(Cancellation);
        readonly List<byte> _shown = [];

        public string Text => Encoding.UTF8.GetString([.. _shown]);

        public async Task Until(string expected)
        {
            while (!Text.Contains(expected, StringComparison.Ordinal)) (await Next()).ShouldBeTrue(Text);
        }

        public async Task<string> ToEnd()
        {
            while (await Next())
            {
            }

            return Text;
        }

        async Task<bool> Next()
        {
            if (!await _parts.MoveNextAsync()) return false;
            _shown.AddRange(_parts.Current.Span);
            return true;
        }
    }
}
