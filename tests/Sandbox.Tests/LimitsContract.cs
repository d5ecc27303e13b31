using System.Diagnostics;
using Bots.Sandbox.Sidecars;
using Bots.Sandbox.Tests.Support;

namespace Bots.Sandbox.Tests;

/// <summary>
/// What a sandbox may use of the machine: the same for every provider. Whatever goes beyond ends as what it is within five seconds,
/// and a sandbox beside it notices nothing. Each attack ends by itself, too, so that a provider without limits does no harm.
/// </summary>
public abstract class LimitsContract
{
    const int Limit = 90_000;
    const int MiB = 1024 * 1024;
    static readonly ResourceLimits Small = new() { Cpus = 1, Memory = 256 * MiB, Processes = 64, Disk = 64 * MiB };

    private protected abstract IProviderUnderTest Under { get; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limit)]
    public async Task A_fork_bomb_is_stopped_and_told_of()
    {
        await using var neighbours = await Neighbours.Start(Under);

        await neighbours.One.StartBash("bomb", "exec perl -e 'for (1..400) { my $child = fork; last unless defined $child; if (!$child) { sleep 1000; exit } } sleep 1000'");
        var breach = await neighbours.Provider.NextBreach(neighbours.One.Sandbox, ResourceLimit.Processes);

        breach.ShouldBe(new LimitBreach(neighbours.One.Sandbox, ResourceLimit.Processes, Small.Processes));
        await neighbours.OtherIsWell();

        await neighbours.OneEndsSoon();
    }

    /// <summary>Where nothing more can be started, .NET ends a process that needs another thread; and threads that wait for a millisecond end.</summary>
    [Fact(Timeout = Limit)]
    public async Task A_sandbox_with_all_the_processes_it_may_have_still_answers()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start(fixture.Spec() with { Limits = Small, Environment = new Dictionary<string, string> { ["DOTNET_ThreadPool_ThreadTimeoutMs"] = "1" } });
        await sandbox.StartBash("full", "exec perl -e 'for (1..400) { my $child = fork; last unless defined $child; if (!$child) { sleep 1000; exit } } print \"full\\n\"; STDOUT->flush; sleep 1000'");
        await sandbox.ReadSome("full", 1);

        for (var i = 0; i < 100; i++)
        {
            var answer = await sandbox.Bash("true");
            (answer.Code, answer.Error).ShouldBe((127, "An error occurred trying to start process '/usr/bin/env' with working directory '/workspace'. Resource temporarily unavailable"));
        }
    }

    [Fact(Timeout = Limit)]
    public async Task Even_one_that_never_ends_by_itself_is_ended_with_its_sandbox()
    {
        await using var neighbours = await Neighbours.Start(Under);

        // It is let loose only where the limit is known to hold.
        await neighbours.One.StartBash("probe", "exec perl -e 'for (1..400) { my $child = fork; last unless defined $child; if (!$child) { sleep 1000; exit } } $SIG{TERM} = sub { exit }; kill TERM => 0'");
        await neighbours.Provider.NextBreach(neighbours.One.Sandbox, ResourceLimit.Processes);
        await neighbours.One.ReadToEnd("probe");
        await neighbours.One.StartBash("bomb", "bomb() { bomb | bomb & }; bomb 2>/dev/null");
        await neighbours.OtherIsWell();
        await neighbours.OneEndsSoon();
    }

    [Fact(Timeout = Limit)]
    public async Task A_process_that_takes_ten_gigabytes_of_memory_is_ended_and_told_of()
    {
        await using var neighbours = await Neighbours.Start(Under);

        await neighbours.One.StartBash("hog", "exec perl -e 'my @all; push @all, \"x\" x (1 << 20) while @all < 10240'");
        var breach = await neighbours.Provider.NextBreach(neighbours.One.Sandbox, ResourceLimit.Memory);
        var end = await neighbours.One.ReadToEnd("hog");

        breach.ShouldBe(new LimitBreach(neighbours.One.Sandbox, ResourceLimit.Memory, Small.Memory));
        end.ShouldHaveSingleItem().ShouldBe(new ProcessOutput.Exited(1, 128 + 9));
        (await neighbours.One.Bash("echo goes on")).Output.ShouldBe("goes on\n");
        await neighbours.OtherIsWell();
    }

    [Fact(Timeout = Limit)]
    public async Task Files_in_memory_are_bounded_and_end_nothing()
    {
        await using var neighbours = await Neighbours.Start(Under);

        var filled = await neighbours.One.Bash("for d in /tmp /dev/shm /dev /run; do head -c 2000M /dev/zero > $d/fill; rm -f $d/fill; done; cd /tmp && echo goes on > x && cat x");

        filled.Output.ShouldBe("goes on\n");
        filled.Error.ShouldContain("No space left");
        await neighbours.OtherIsWell();
    }

    [Fact(Timeout = Limit)]
    public async Task A_filled_disk_is_told_of()
    {
        await using var neighbours = await Neighbours.Start(Under);

        await neighbours.One.StartBash("filler", "head -c 40M /dev/zero > ~/half; head -c 60M /dev/zero > /workspace/rest; sleep 1000");
        var breach = await neighbours.Provider.NextBreach(neighbours.One.Sandbox, ResourceLimit.Disk);

        breach.ShouldBe(new LimitBreach(neighbours.One.Sandbox, ResourceLimit.Disk, Small.Disk));
        await neighbours.OtherIsWell();
        await neighbours.OneEndsSoon();
    }

    [Fact(Timeout = Limit)]
    public async Task A_flood_of_output_that_nobody_reads_takes_no_more_memory_than_it_may_and_holds_up_nothing()
    {
        await using var neighbours = await Neighbours.Start(Under);
        await neighbours.One.StartBash("flood", "exec yes $(head -c 1000 /dev/zero | tr '\\0' y)");

        // Until it waits, or has written far more than there is memory.
        var written = await neighbours.One.Bash(
            "until flood=$(grep -lsx yes /proc/[0-9]*/comm | cut -d/ -f3 | grep .); do :; done; size() { sed -n 's/^wchar: //p' /proc/$flood/io; };"
            + "last=-1; while now=$(size); [ $now != $last ] && [ $now -lt 600000000 ]; do last=$now; sleep 0.5; done; echo $now");

        long.Parse(written.Output).ShouldBeGreaterThan(0);
        (await neighbours.One.Bash("echo answers")).Output.ShouldBe("answers\n");
        (await neighbours.Provider.Breaches(Cancellation)).ShouldBeEmpty();
        await neighbours.OtherIsWell();
    }

    [Fact(Timeout = Limit)]
    public async Task A_sleep_of_two_hours_ends_with_the_time_it_was_given()
    {
        await using var neighbours = await Neighbours.Start(Under);
        var began = Stopwatch.GetTimestamp();

        var result = await neighbours.One.Exec(new ExecRequest("sleep", ["7200"]) { Timeout = TimeSpan.FromSeconds(1) }, Cancellation);

        result.Code.ShouldBeNull();
        Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(1) + Breaches.Soon);
        (await neighbours.One.Bash("cat /proc/[0-9]*/cmdline")).Output.ShouldNotContain("7200");
        await neighbours.OtherIsWell();
    }

    [Fact(Timeout = Limit)]
    public async Task Processors_are_shared_out_as_they_are_limited()
    {
        await using var neighbours = await Neighbours.Start(Under, Small with { Cpus = 0.5 });

        // Two that would take two processors, for a second of real time.
        var used = await neighbours.One.Bash(
            "perl -MTime::HiRes=time -e 'my $end = time + 1; if (fork) { 1 while time < $end; wait; my @t = times; print $t[0] + $t[1] + $t[2] + $t[3] } else { 1 while time < $end }'");

        double.Parse(used.Output).ShouldBeLessThan(0.9);
        await neighbours.OtherIsWell();
    }

    [Fact(Timeout = Limit)]
    public async Task What_was_told_of_is_not_told_again_and_a_restarted_service_goes_on_watching()
    {
        await using var neighbours = await Neighbours.Start(Under);
        await neighbours.One.StartBash("first", "exec perl -e 'my @all; push @all, \"x\" x (1 << 20) while @all < 10240'");
        await neighbours.Provider.NextBreach(neighbours.One.Sandbox, ResourceLimit.Memory);

        var restarted = neighbours.Fixture.NewProvider();
        (await neighbours.Provider.Breaches(Cancellation)).ShouldBeEmpty();
        (await restarted.Breaches(Cancellation)).ShouldBeEmpty();
        await neighbours.One.StartBash("filler", "head -c 100M /dev/zero > /workspace/file; sleep 1000");

        (await restarted.NextBreach(neighbours.One.Sandbox, ResourceLimit.Disk)).Allowed.ShouldBe(Small.Disk);
    }

    [Fact(Timeout = Limit)]
    public async Task Ordinary_work_reaches_no_limit()
    {
        await using var neighbours = await Neighbours.Start(Under);

        var work = await neighbours.One.Bash("git init -q && echo a > a && git add . && git -c user.name=a -c user.email=a@b commit -qm a && git log --oneline | wc -l; find /usr/bin | wc -l >&2");

        work.Output.ShouldBe("1\n");
        (await neighbours.Provider.Breaches(Cancellation)).ShouldBeEmpty();
    }

    /// <summary>The sandbox that misbehaves, and another one.</summary>
    sealed record Neighbours(SandboxFixture Fixture, ISandboxConnection One, ISandboxConnection Other) : IAsyncDisposable
    {
        public ISandboxProvider Provider => Fixture.Provider;

        public static async Task<Neighbours> Start(IProviderUnderTest under, ResourceLimits? limits = null)
        {
            var fixture = new SandboxFixture(under);
            var one = await fixture.Start(fixture.Spec() with { Limits = limits ?? Small });
            return new Neighbours(fixture, one, await fixture.Start(fixture.Spec() with { Limits = Small }));
        }

        public async Task OtherIsWell()
        {
            var began = Stopwatch.GetTimestamp();
            (await Other.Bash("echo well")).Output.ShouldBe("well\n");
            Stopwatch.GetElapsedTime(began).ShouldBeLessThan(Breaches.Soon);
        }

        public async Task OneEndsSoon()
        {
            var began = Stopwatch.GetTimestamp();
            await Provider.Stop(One.Sandbox, Cancellation);
            Stopwatch.GetElapsedTime(began).ShouldBeLessThan(Breaches.Soon);
            HostProcesses.With(One.Sandbox.Value).ShouldBeEmpty();
        }

        public ValueTask DisposeAsync() => Fixture.DisposeAsync();
    }
}
