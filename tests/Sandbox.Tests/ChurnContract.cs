using Bots.Sandbox.Sidecars;
using Bots.Sandbox.Tests.Support;

namespace Bots.Sandbox.Tests;

/// <summary>Many sandboxes at once, each with an agent at work, again and again: the machine is as it was.</summary>
public abstract class ChurnContract
{
    const int Limit = 120_000;
    const int Rounds = 3;
    const int AtOnce = 8;

    /// <summary>Says every line it is told, with a child beside it.</summary>
    const string TinyAgent = "sleep 4000 & echo ready; while read -r line; do echo \"heard $line\" | tee -a heard.txt; done";

    private protected abstract IProviderUnderTest Under { get; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limit)]
    public async Task Sandboxes_that_come_and_go_together_leave_nothing_behind()
    {
        await using var fixture = new SandboxFixture(Under);
        await fixture.StartService();
        var tree = fixture.Folder("tree");
        await File.WriteAllTextAsync(Path.Combine(tree, "read.me"), "read", Cancellation);
        List<string> names = [];

        for (var round = 0; round < Rounds; round++)
        {
            var specs = Enumerable.Range(0, AtOnce).Select(place => fixture.Spec() with { Tree = place % 2 == 0 ? tree : null }).ToList();
            names.AddRange(specs.Select(spec => spec.Id.Value));
            await Task.WhenAll(specs.Select(spec => Work(fixture, spec)));
            HostTraces.Of(names).ShouldNotBeEmpty();
            (await fixture.Provider.List(Cancellation)).Count.ShouldBe(AtOnce);

            // Every other one by a service that was started anew.
            var anew = fixture.NewProvider();
            await Task.WhenAll(specs.Select((spec, place) => End(fixture, spec, place % 2 == 0 ? fixture.Provider : anew)));
            (await fixture.Provider.List(Cancellation)).ShouldBeEmpty();
        }

        foreach (var name in names) Directory.Delete(fixture.Folder(name), recursive: true);
        HostTraces.Of(names).ShouldBeEmpty();
        (await Under.Left(fixture.State)).ShouldBeEmpty();
    }

    static async Task Work(SandboxFixture fixture, SandboxSpec spec)
    {
        await fixture.Provider.Start(spec, Cancellation);
        var sandbox = await fixture.Connected(spec.Id);
        await sandbox.Start("agent", new ProcessStart("/bin/sh", ["-c", TinyAgent]), Cancellation);
        await sandbox.Write("agent", 1, spec.Id.Value, Cancellation);
        (await sandbox.ReadSome("agent", 2)).Texts().ShouldBe(["ready", $"heard {spec.Id}"]);
    }

    static async Task End(SandboxFixture fixture, SandboxSpec spec, ISandboxProvider provider)
    {
        fixture.Hub.Forget(spec.Id);
        await provider.Stop(spec.Id, Cancellation);
    }
}
