using Bots.Sandbox.Sidecars;
using Bots.Sandbox.Tests.Support;

namespace Bots.Sandbox.Tests;

/// <summary>More output than fits anywhere: it neither fills memory nor costs the end, the same in every provider's sandboxes.</summary>
public abstract class FloodContract
{
    const int Limit = 180_000;
    const long Gigabyte = 1L << 30;

    /// <summary>What a sidecar may take of memory while it is flooded: at rest it takes 40 MiB, and keeps up to 8 MiB of output. In KiB, as /proc tells it.</summary>
    const long MostResident = 96 * 1024;

    private protected abstract IProviderUnderTest Under { get; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limit)]
    public async Task A_gigabyte_of_lines_arrives_whole_and_fills_nothing()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.StartBash("agent", "yes $(head -c 8000 /dev/zero | tr '\\0' x) | head -c 1073741824; echo; echo the end");
        var before = GC.GetTotalMemory(forceFullCollection: true);

        long bytes = 0;
        List<string> last = [];
        await foreach (var output in sandbox.ReadAndAcknowledge("agent"))
        {
            if (output is not ProcessOutput.Line line) continue;
            bytes += line.Text.Length + 1;
            last = [.. last.TakeLast(1), line.Text];
        }

        bytes.ShouldBe(Gigabyte + "\nthe end\n".Length);
        last[^1].ShouldBe("the end");
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(32 << 20);
        (await MostMemory(sandbox)).ShouldBeLessThan(MostResident);
    }

    [Fact(Timeout = Limit)]
    public async Task Output_nobody_takes_makes_the_process_wait()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.StartBash("agent", "yes $(head -c 1000 /dev/zero | tr '\\0' x) | head -c 200000000; echo; echo the end");
        await sandbox.ReadSome("agent", 1);
        await sandbox.Bash("until [ \"$(cat /proc/[0-9]*/wchan | grep -c pipe_write)\" -ge 1 ]; do :; done");

        (await MostMemory(sandbox)).ShouldBeLessThan(MostResident);
        var output = await sandbox.ReadAndAcknowledge("agent").ToListAsync(Cancellation);

        output.Sum(o => o is ProcessOutput.Line line ? line.Text.Length + 1 : 0).ShouldBe(200_000_000 + "\nthe end\n".Length);
        output[^1].ShouldBeOfType<ProcessOutput.Exited>();
    }

    [Fact(Timeout = Limit)]
    public async Task Of_a_line_that_does_not_end_the_middle_is_left_out_and_it_is_said()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.StartBash("agent", "printf begin; head -c 1073741824 /dev/zero | tr '\\0' x; echo end; echo after");

        var output = await sandbox.ReadAndAcknowledge("agent").ToListAsync(Cancellation);

        var line = output[0].ShouldBeOfType<ProcessOutput.Line>().Text;
        line.Length.ShouldBeLessThan(9 << 20);
        line.ShouldStartWith("beginxxx");
        line.ShouldEndWith("xxxend");
        var dropped = output[1].ShouldBeOfType<ProcessOutput.Dropped>();
        dropped.Lines.ShouldBe(0);
        (dropped.Bytes + line.Length).ShouldBe(Gigabyte + "beginend".Length);
        output[2].ShouldBeOfType<ProcessOutput.Line>().Text.ShouldBe("after");
        (await MostMemory(sandbox)).ShouldBeLessThan(MostResident);
    }

    [Fact(Timeout = Limit)]
    public async Task Of_a_flood_of_errors_the_last_are_kept_and_it_is_said_how_many_are_not()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.StartBash("agent", "seq 10000000 >&2; echo the end >&2; echo still at work");

        // Read only once all is written: errors never make the process wait.
        await sandbox.Bash("while pgrep -x seq >/dev/null; do :; done");
        var output = await sandbox.ReadAndAcknowledge("agent").ToListAsync(Cancellation);

        var errors = output.OfType<ProcessOutput.ErrorLine>().Select(e => e.Text).ToList();
        errors[..3].ShouldBe(["1", "2", "3"]);
        errors[^3..].ShouldBe(["9999999", "10000000", "the end"]);
        var dropped = output.OfType<ProcessOutput.Dropped>().ToList();
        dropped.ShouldNotBeEmpty();
        (errors.Count + dropped.Sum(d => d.Lines)).ShouldBe(10_000_001);
        (errors.Sum(e => e.Length + 1) + dropped.Sum(d => d.Bytes)).ShouldBe(78_888_897 + "the end\n".Length);
        output.Texts().ShouldBe(["still at work"]);
        (await MostMemory(sandbox)).ShouldBeLessThan(MostResident);
    }

    [Fact(Timeout = Limit)]
    public async Task The_middle_of_a_long_error_line_is_left_out_and_it_is_said()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.StartBash("agent", "{ printf begin; head -c 1000000 /dev/zero | tr '\\0' x; echo end; echo after; } >&2");

        var output = await sandbox.ReadToEnd("agent");

        var line = output[0].ShouldBeOfType<ProcessOutput.ErrorLine>().Text;
        line.ShouldStartWith("beginxxx");
        line.ShouldEndWith("xxxend");
        output[1].ShouldBe(new ProcessOutput.Dropped(2, 0, 1_000_000 + "beginend".Length - line.Length));
        output[2].ShouldBe(new ProcessOutput.ErrorLine(3, "after"));
    }

    [Fact(Timeout = Limit)]
    public async Task Long_lines_and_errors_between_them_survive_a_cut_and_a_restart()
    {
        await using var fixture = new SandboxFixture(Under);
        var spec = fixture.Spec();
        var sandbox = await fixture.Start(spec);
        await sandbox.StartBash("agent", "for i in 1 2 3 4 5 6; do head -c 500000 /dev/zero | tr '\\0' $i; echo wrong $i >&2; head -c 500000 /dev/zero | tr '\\0' $i; echo; done");

        List<ProcessOutput> output = [];
        while (output is not [.., ProcessOutput.Exited])
        {
            var after = output.Count == 0 ? 0 : output[^1].Number;
            output.AddRange(await sandbox.Read("agent", after, Cancellation).Take(2).ToListAsync(Cancellation));
            await sandbox.Acknowledge("agent", output[^1].Number, Cancellation);
            fixture.Plane.Cut();
            await fixture.StopService();
            await fixture.StartService();
            sandbox = await fixture.Connected(spec.Id);
        }

        output.Texts().ShouldBe(Enumerable.Range(1, 6).Select(i => new string((char)('0' + i), 1_000_000)));
        output.OfType<ProcessOutput.ErrorLine>().Select(e => e.Text).ShouldBe(Enumerable.Range(1, 6).Select(i => $"wrong {i}"));
    }

    /// <summary>The most the sidecar ever had in memory, in KiB. Of its files in /proc, this one is open to all.</summary>
    static async Task<long> MostMemory(ISandboxConnection sandbox)
    {
        var peak = long.Parse((await sandbox.Bash("grep VmHWM /proc/$PPID/status | tr -dc 0-9")).Output);
        TestContext.Current.TestOutputHelper?.WriteLine($"The sidecar took up to {peak} KiB.");
        return peak;
    }
}
