using Bots.Sandbox.Bubblewrap;
using Bots.Sandbox.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Sandbox.Tests;

/// <summary>What only bubblewrap can get wrong.</summary>
public sealed class BubblewrapProviderTests
{
    const int Limit = 60_000;

    static BubblewrapOptions Options { get; } = new() { StateDirectory = "/tmp/bots-state", ControlDirectory = "/tmp/bots-run" };

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limit)]
    public async Task A_sandbox_is_found_though_the_service_crashed_before_it_knew_its_processes()
    {
        await using var fixture = new SandboxFixture(BubblewrapUnderTest.Instance);
        var spec = fixture.Spec();
        await fixture.Start(spec);
        new SandboxRecords(fixture.State).Write(new SandboxRecord { Id = spec.Id, Labels = spec.Labels });
        var provider = fixture.NewProvider();

        (await provider.List(Cancellation)).ShouldHaveSingleItem().Id.ShouldBe(spec.Id);
        await provider.Stop(spec.Id, Cancellation);

        HostProcesses.With(spec.Id.Value).ShouldBeEmpty();
        (await provider.List(Cancellation)).ShouldBeEmpty();
    }

    [Fact(Timeout = Limit)]
    public async Task A_record_that_the_service_died_over_is_removed_and_the_others_stay()
    {
        await using var fixture = new SandboxFixture(BubblewrapUnderTest.Instance);
        var spec = fixture.Spec();
        await fixture.Start(spec);
        var unfinished = Path.Combine(fixture.State, $"{SandboxId.New()}.json.{Guid.NewGuid():N}.tmp");
        await File.WriteAllTextAsync(unfinished, "{", Cancellation);

        (await fixture.NewProvider().List(Cancellation)).ShouldHaveSingleItem().Id.ShouldBe(spec.Id);

        File.Exists(unfinished).ShouldBeFalse();
    }

    [Fact(Timeout = Limit)]
    public async Task A_process_with_a_number_used_before_is_left_alone()
    {
        await using var fixture = new SandboxFixture(BubblewrapUnderTest.Instance);
        var spec = fixture.Spec();
        await fixture.Start(spec);
        var records = new SandboxRecords(fixture.State);
        var record = records.Find(spec.Id).ShouldNotBeNull();
        var other = record.Init.ShouldNotBeNull();
        var stale = SandboxId.New();
        records.Write(record with { Id = stale, Groups = [], Init = other with { StartTime = other.StartTime - 1 }, Outer = other with { StartTime = other.StartTime - 1 } });

        (await fixture.Provider.List(Cancellation)).ShouldHaveSingleItem().Id.ShouldBe(spec.Id);
        await fixture.Provider.Stop(stale, Cancellation);

        other.Runs.ShouldBeTrue();
    }

    [Fact(Timeout = Limit)]
    public async Task Everything_that_is_missing_is_told_at_once_with_its_mend()
    {
        var options = Options with
        {
            Command = "/nowhere/bwrap",
            SidecarDirectory = "/nowhere/sidecar",
            DotnetRoot = "/nowhere/dotnet",
            ControlDirectory = "/tmp/" + new string('x', 90),
        };

        var problems = await new BubblewrapProvider(options, TimeProvider.System, NullLogger<BubblewrapProvider>.Instance).Check(Cancellation);

        problems.Select(p => p.Mend).ShouldBe(
            ["dotnet build src/Bots", "apt-get install dotnet-runtime-10.0", "Bots__DataDirectory=/var/lib/bots", "apt-get install bubblewrap"]);
        problems.ShouldAllBe(p => p.What.Length > 0);
    }

    [Fact(Timeout = Limit)]
    public async Task A_workspaces_overlay_is_never_mounted_on_the_host()
    {
        await using var fixture = new SandboxFixture(BubblewrapUnderTest.Instance);
        var spec = fixture.Spec() with { Tree = fixture.Folder("tree") };

        await fixture.Start(spec);

        (await File.ReadAllTextAsync("/proc/self/mountinfo", Cancellation)).ShouldNotContain(spec.Id.Value);
    }

    [Fact(Timeout = Limit)]
    public async Task A_machine_that_forbids_namespaces_is_told_of()
    {
        var problems = await new BubblewrapProvider(Options with { Command = "/bin/false" }, TimeProvider.System, NullLogger<BubblewrapProvider>.Instance).Check(Cancellation);

        problems.ShouldHaveSingleItem().What.ShouldContain("namespaces");
    }

    [Fact(Timeout = Limit)]
    public async Task Without_bubblewrap_nothing_is_started()
    {
        await using var fixture = new SandboxFixture(BubblewrapUnderTest.Instance);
        var provider = new BubblewrapProvider(Options with { Command = "/nowhere/bwrap" }, TimeProvider.System, NullLogger<BubblewrapProvider>.Instance);

        (await Should.ThrowAsync<SandboxException>(provider.Start(fixture.Spec(), Cancellation))).Failure.ShouldBe(SandboxFailure.Unavailable);
    }

    [Fact(Timeout = Limit)]
    public async Task A_process_that_is_not_read_waits_and_loses_nothing()
    {
        await using var fixture = new SandboxFixture(new SmallBuffer());
        var sandbox = await fixture.Start();
        await sandbox.StartBash("agent", "seq 30000");

        var numbers = new List<string>();
        await foreach (var output in sandbox.Read("agent", 0, Cancellation))
        {
            numbers.AddRange(new[] { output }.Texts());
            await sandbox.Acknowledge("agent", output.Number, Cancellation);
        }

        numbers.ShouldBe(Enumerable.Range(1, 30000).Select(n => $"{n}"));
    }

    /// <summary>A few hundred short lines fill it.</summary>
    sealed class SmallBuffer : IProviderUnderTest
    {
        public ISandboxProvider Create(string stateDirectory, string controlDirectory) => new BubblewrapProvider(
            new BubblewrapOptions
            {
                StateDirectory = stateDirectory,
                ControlDirectory = controlDirectory,
                Environment = new Dictionary<string, string> { ["BOTS_OUTPUT_BUFFER"] = "20000" },
            },
            TimeProvider.System,
            NullLogger<BubblewrapProvider>.Instance);

        public Task<IReadOnlyList<string>> Left(string stateDirectory) => BubblewrapUnderTest.Instance.Left(stateDirectory);
    }
}
