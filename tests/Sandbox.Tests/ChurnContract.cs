using Bots.Sandbox.Sidecars;
using Bots.Sandbox.Tests.Support;

namespace Bots.Sandbox.Tests;

/// <summary>Many sandboxes at once, each with an agent at work, again and again: the machine is as it was.</summary>
public abstract class ChurnContract
{
    const int Limit = 120_000;
    const int Rounds = 2;
    const int AtOnce = 6;

    /// <summary>Says every line it is told, with a child beside it.</summary>
    const string TinyAgent = "sleep 4000 & echo ready; while read -r line; do echo \"heard $line\" | tee -a heard.txt; done";

    private protected abstract IProviderUnderTest Under { get; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limit)]
    public async Task Sandboxes_that_come_and_go_by_the_dozen_leave_nothing_behind()
    {
        await using var fixture = new SandboxFixture(Under);
        await fixture.StartService();
        List<string> ids = [];

        for (var round = 0; round < Rounds; round++)
        {
            var specs = Enumerable.Range(0, AtOnce).Select(_ => fixture.Spec()).ToList();
            ids.AddRange(specs.Select(spec => spec.Id.Value));
            await Task.WhenAll(specs.Select(spec => Work(fixture, spec)));
            (await fixture.Provider.List(Cancellation)).Count.ShouldBe(AtOnce);

            await Task.WhenAll(specs.Select((spec, place) => End(fixture, spec, orderly: place % 2 == 0)));
            (await fixture.Provider.List(Cancellation)).ShouldBeEmpty();
        }

        foreach (var id in ids) Directory.Delete(Path.GetDirectoryName(fixture.Folder($"{id}/workspace"))!, recursive: true);
        HostTraces.Of(ids).ShouldBeEmpty();
        Under.Traces(fixture.State).ShouldBeEmpty();
    }

    static async Task Work(SandboxFixture fixture, SandboxSpec spec)
    {
        await fixture.Provider.Start(spec, Cancellation);
        var sandbox = await fixture.Connected(spec.Id);
        await sandbox.Start("agent", new ProcessStart("/bin/sh", ["-c", TinyAgent]), Cancellation);
        await sandbox.Write("agent", 1, spec.Id.Value, Cancellation);
        (await sandbox.ReadSome("agent", 2)).Texts().ShouldBe(["ready", $"heard {spec.Id}"]);
    }

    /// <param name="orderly">False when the sandbox's sidecar ended by itself, before anybody stopped it.</param>
    static async Task End(SandboxFixture fixture, SandboxSpec spec, bool orderly)
    {
        if (!orderly)
        {
            var sandbox = await fixture.Connected(spec.Id);
        }

        fixture.Hub.Forget(spec.Id);
        await fixture.Provider.Stop(spec.Id, Cancellation);
    }
}
