using Bots.Sandbox.Sidecars;
using Bots.Sandbox.Tests.Support;

namespace Bots.Sandbox.Tests;

/// <summary>Cuts and restarts: nothing missing, nothing doubled, in every provider's sandboxes.</summary>
public abstract class ReconnectContract
{
    const int Limit = 60_000;

    private protected abstract IProviderUnderTest Under { get; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limit)]
    public async Task Output_goes_on_where_it_stopped_when_the_connection_is_cut()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.StartBash("agent", "seq 20000");

        List<ProcessOutput> output = [];
        await foreach (var next in sandbox.Read("agent", 0, Cancellation))
        {
            output.Add(next);
            if (next.Number % 2500 == 100) fixture.Plane.Cut();
        }

        output.Select(o => o.Number).ShouldBe(Enumerable.Range(1, 20001).Select(n => (long)n));
        output.Texts().ShouldBe(Enumerable.Range(1, 20000).Select(n => $"{n}"));
    }

    [Fact(Timeout = Limit)]
    public async Task Input_written_while_the_connection_is_cut_arrives_once_and_in_order()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.Start("agent", new ProcessStart("head", ["-n", "200"]), Cancellation);

        for (var number = 1; number <= 200; number++)
        {
            if (number % 20 == 0) fixture.Plane.Cut();
            await sandbox.Write("agent", number, $"line {number}", Cancellation);
        }

        (await sandbox.ReadToEnd("agent")).Texts().ShouldBe(Enumerable.Range(1, 200).Select(n => $"line {n}"));
    }

    [Fact(Timeout = Limit)]
    public async Task A_process_runs_on_while_the_service_restarts_and_is_read_from_where_it_was_left()
    {
        await using var fixture = new SandboxFixture(Under);
        var spec = fixture.Spec();
        var sandbox = await fixture.Start(spec);
        await sandbox.Bash("mkfifo go done");
        await sandbox.StartBash("agent", "echo 1; echo 2; read line < go; seq 3 3000; echo > done; read line; echo got $line");
        await sandbox.Write("agent", 1, "hello", Cancellation);
        var before = await sandbox.ReadSome("agent", 2);
        await sandbox.Acknowledge("agent", 1, Cancellation);

        await fixture.StopService();
        await File.WriteAllTextAsync(Path.Combine(spec.Workspace, "go"), "\n", Cancellation);
        await File.ReadAllTextAsync(Path.Combine(spec.Workspace, "done"), Cancellation);
        await fixture.StartService();
        var again = await fixture.Connected(spec.Id);
        await again.Write("agent", 1, "hello", Cancellation);
        var after = await again.ReadToEnd("agent", after: 2);

        before.Texts().ShouldBe(["1", "2"]);
        after.Select(o => o.Number).ShouldBe(Enumerable.Range(3, 3000).Select(n => (long)n));
        after.Texts().ShouldBe([.. Enumerable.Range(3, 2998).Select(n => $"{n}"), "got hello"]);
        after[^1].ShouldBe(new ProcessOutput.Exited(3002, 0));
    }

    [Fact(Timeout = Limit)]
    public async Task Five_restarts_within_one_process_cost_it_nothing_and_the_log_neither()
    {
        const int Lines = 6000;
        await using var fixture = new SandboxFixture(Under);
        var spec = fixture.Spec();
        var sandbox = await fixture.Start(spec);

        // It writes at its own pace, checks that nothing went wrong while it wrote, and echoes what it is told in between.
        await sandbox.StartBash("agent", $"for i in $(seq {Lines}); do echo $i || exit 1; [ $((i % 1000)) = 0 ] && {{ read line || exit 2; echo told $line; }}; done; exit 0");
        List<ProcessOutput> log = [];
        var told = 0;
        for (var life = 0; life < 6; life++)
        {
            if (life > 0)
            {
                await fixture.StopService();
                await fixture.StartService();
                sandbox = await fixture.Connected(spec.Id);
            }

            // As the engine does after a restart: what may have been sent is sent again, what is stored is not read again.
            if (told > 0) await sandbox.Write("agent", told, $"{told}", Cancellation);
            var stored = log.Count == 0 ? 0 : log[^1].Number;
            await foreach (var output in sandbox.Read("agent", stored, Cancellation))
            {
                log.Add(output);
                if (output.Number % 7 != 0) await sandbox.Acknowledge("agent", output.Number, Cancellation);
                if (output is ProcessOutput.Line line && line.Text == $"{(told + 1) * 1000}") await sandbox.Write("agent", ++told, $"{told}", Cancellation);
                if (life < 5 && log.Count >= (life + 1) * 1003) break;
            }
        }

        log.Texts().ShouldBe(Enumerable.Range(1, Lines).SelectMany(i => i % 1000 == 0 ? (string[])[$"{i}", $"told {i / 1000}"] : [$"{i}"]));
        log.Select(o => o.Number).ShouldBe(Enumerable.Range(1, log.Count).Select(n => (long)n));
        log[^1].ShouldBeOfType<ProcessOutput.Exited>().Code.ShouldBe(0);
    }

    [Fact(Timeout = Limit)]
    public async Task A_process_that_ended_while_the_service_was_away_is_still_told_of()
    {
        await using var fixture = new SandboxFixture(Under);
        var spec = fixture.Spec();
        var sandbox = await fixture.Start(spec);
        await sandbox.StartBash("agent", "read line; echo $line; exit 5");
        await fixture.StopService();
        await fixture.StartService();

        var again = await fixture.Connected(spec.Id);
        await again.Write("agent", 1, "bye", Cancellation);
        await again.ReadToEnd("agent");
        await fixture.StopService();
        await fixture.StartService();
        var third = await fixture.Connected(spec.Id);

        (await third.ReadToEnd("agent")).ShouldBe([new ProcessOutput.Line(1, "bye"), new ProcessOutput.Exited(2, 5)]);
    }

    [Fact(Timeout = Limit)]
    public async Task Nothing_is_asked_for_until_somebody_reads()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        var early = sandbox.ReadToEnd("agent");
        await sandbox.StartBash("agent", "seq 3");

        (await early).Texts().ShouldBe(["1", "2", "3"]);
    }

    [Fact(Timeout = Limit)]
    public async Task A_sandbox_that_stays_away_longer_than_the_grace_is_lost()
    {
        await using var fixture = new SandboxFixture(Under);
        var time = new ManualTime();
        await fixture.StartService(time);
        var sandbox = await fixture.Start();
        await sandbox.Start("agent", new ProcessStart("sleep", ["1000"]), Cancellation);
        var reading = sandbox.ReadToEnd("agent");
        var command = sandbox.Exec(new ExecRequest("sleep", ["1000"]), Cancellation);

        await fixture.StopService();
        await time.TimerStarted(TimeSpan.FromSeconds(30));
        time.Advance(TimeSpan.FromSeconds(29));
        sandbox.Lost.IsCancellationRequested.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(2));

        sandbox.Lost.IsCancellationRequested.ShouldBeTrue();
        (await Should.ThrowAsync<SandboxException>(reading)).Failure.ShouldBe(SandboxFailure.Lost);
        (await Should.ThrowAsync<SandboxException>(command)).Failure.ShouldBe(SandboxFailure.Lost);
        fixture.Hub.Find(sandbox.Sandbox).ShouldBeNull();
    }

    [Fact(Timeout = Limit)]
    public async Task A_forgotten_sandbox_is_lost_at_once()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        fixture.Hub.Forget(sandbox.Sandbox);

        sandbox.Lost.IsCancellationRequested.ShouldBeTrue();
        await Should.ThrowAsync<SandboxException>(sandbox.Kill("agent", Cancellation));
    }
}
