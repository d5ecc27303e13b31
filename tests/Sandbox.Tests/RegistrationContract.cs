using Bots.Sandbox.Sidecars;
using Bots.Sandbox.Tests.Support;

namespace Bots.Sandbox.Tests;

/// <summary>Who a sidecar is, and that nothing else in its sandbox can be it: the same for every provider.</summary>
public abstract class RegistrationContract
{
    const int Limit = 60_000;

    private protected abstract IProviderUnderTest Under { get; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limit)]
    public async Task A_token_makes_a_sandbox_the_one_it_was_issued_for_and_no_other()
    {
        await using var fixture = new SandboxFixture(Under);
        var (one, two) = (fixture.Spec(), fixture.Spec());
        await fixture.Start(one);
        await fixture.Start(two);

        var tokens = new List<string>();
        foreach (var spec in new[] { one, two })
        {
            var sandbox = await fixture.Connected(spec.Id);
            tokens.Add((await sandbox.Bash("echo $BOTS_TOKEN")).Output.Trim());
            (await sandbox.Bash("touch /workspace/mine")).Code.ShouldBe(0);
            File.Exists(Path.Combine(spec.Workspace, "mine")).ShouldBeTrue();
        }

        (await fixture.Hub.Authenticate(tokens[0], Cancellation)).ShouldBe(one.Id);
        (await fixture.Hub.Authenticate(tokens[1], Cancellation)).ShouldBe(two.Id);
    }

    [Fact(Timeout = Limit)]
    public async Task Another_sandboxs_used_token_is_refused()
    {
        await using var fixture = new SandboxFixture(Under);
        var (one, two) = (fixture.Spec(), fixture.Spec());
        await fixture.Start(one);

        await StartWith(fixture, two, one.RegistrationToken);

        await IsRefused(fixture, two.Id);
        (await (await fixture.Connected(one.Id)).Bash("echo here")).Output.ShouldBe("here\n");
    }

    [Fact(Timeout = Limit)]
    public async Task A_token_older_than_five_minutes_is_refused()
    {
        var time = new ManualTime();
        await using var fixture = new SandboxFixture(Under, time);
        await fixture.StartService();
        var (early, late) = (fixture.Spec(), fixture.Spec());

        time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        await fixture.Start(early);
        time.Advance(TimeSpan.FromSeconds(1));
        await StartWith(fixture, late, late.RegistrationToken);

        await IsRefused(fixture, late.Id);
    }

    [Fact(Timeout = Limit)]
    public async Task The_token_is_wiped_from_the_sidecars_own_environment()
    {
        await using var fixture = new SandboxFixture(Under);
        var spec = fixture.Spec();
        await fixture.Start(spec);

        var environments = HostProcesses.EnvironmentsOf(spec.Id.Value);

        environments.ShouldNotBeEmpty();
        environments.ShouldAllBe(e => !e.Contains(spec.RegistrationToken));
    }

    [Fact(Timeout = Limit)]
    public async Task The_token_everything_has_does_not_make_a_sidecar()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();

        var answer = await sandbox.Bash(
            "exec 3<>/dev/tcp/127.0.0.1/7070;"
            + "printf 'GET /sidecar/connect HTTP/1.1\\r\\nHost: c\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\nSec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\nAuthorization: Bearer %s\\r\\n\\r\\n' $BOTS_TOKEN >&3;"
            + "head -n 1 <&3");

        answer.Output.ShouldStartWith("HTTP/1.1 401");
        (await sandbox.Bash("echo still the one")).Output.ShouldBe("still the one\n");
    }

    /// <summary>A provider may notice at once that the sidecar gave up, or not.</summary>
    static async Task StartWith(SandboxFixture fixture, SandboxSpec spec, string token)
    {
        try
        {
            await fixture.Provider.Start(spec with { RegistrationToken = token }, Cancellation);
        }
        catch (SandboxException failure)
        {
            failure.Failure.ShouldBe(SandboxFailure.DidNotStart);
        }
    }

    /// <summary>The sidecar ends, since there is no use in trying again.</summary>
    static async Task IsRefused(SandboxFixture fixture, SandboxId sandbox)
    {
        while ((await fixture.Provider.List(Cancellation)).Any(s => s.Id == sandbox)) await Task.Yield();
        fixture.Hub.Find(sandbox).ShouldBeNull();
    }
}
