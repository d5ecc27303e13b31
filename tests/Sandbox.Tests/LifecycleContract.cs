using System.Net;
using System.Net.Http.Headers;
using Bots.Sandbox.Sidecars;
using Bots.Sandbox.Tests.Support;

namespace Bots.Sandbox.Tests;

/// <summary>Starting, finding, stopping: the same for every provider.</summary>
public abstract class LifecycleContract
{
    const int Limit = 60_000;

    private protected abstract IProviderUnderTest Under { get; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limit)]
    public async Task All_is_well_on_this_machine()
    {
        await using var fixture = new SandboxFixture(Under);

        (await fixture.Provider.Check(Cancellation)).ShouldAllBe(problem => !problem.Fatal);
    }

    [Fact(Timeout = Limit)]
    public async Task A_started_sandbox_connects_and_is_found()
    {
        await using var fixture = new SandboxFixture(Under);

        var sandbox = await fixture.Start();

        fixture.Hub.Find(sandbox.Sandbox).ShouldBeSameAs(sandbox);
        sandbox.Lost.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact(Timeout = Limit)]
    public async Task A_sandbox_started_while_the_service_is_away_connects_when_it_is_back()
    {
        await using var fixture = new SandboxFixture(Under);
        var spec = fixture.Spec();
        await fixture.Provider.Start(spec, Cancellation);

        await fixture.StartService();

        (await (await fixture.Connected(spec.Id)).Bash("echo here")).Output.ShouldBe("here\n");
    }

    [Fact(Timeout = Limit)]
    public async Task Who_waits_for_a_sandbox_that_never_connects_is_told()
    {
        await using var fixture = new SandboxFixture(Under);
        var time = new ManualTime();
        await fixture.StartService(time);

        var waiting = fixture.Hub.Connected(SandboxId.New(), TimeSpan.FromSeconds(7), Cancellation);
        await time.TimerStarted(TimeSpan.FromSeconds(7));
        time.Advance(TimeSpan.FromSeconds(8));

        (await Should.ThrowAsync<SandboxException>(waiting)).Failure.ShouldBe(SandboxFailure.DidNotStart);
    }

    [Fact(Timeout = Limit)]
    public async Task A_registration_token_works_once()
    {
        await using var fixture = new SandboxFixture(Under);
        var spec = fixture.Spec();
        await fixture.Start(spec);
        using var client = ControlPlane.Client(fixture.Control);

        (await Register(client, spec.RegistrationToken)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Register(client, SidecarTokens.New())).ShouldBe(HttpStatusCode.Unauthorized);
        (await Register(client, null)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact(Timeout = Limit)]
    public async Task Only_a_sidecar_can_connect_as_one()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        var token = (await sandbox.Bash("echo $BOTS_TOKEN")).Output.Trim();
        using var client = ControlPlane.Client(fixture.Control);

        (await Connect(client, SidecarTokens.New())).ShouldBe(HttpStatusCode.Unauthorized);
        (await Connect(client, null)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Connect(client, token)).ShouldBe(HttpStatusCode.Unauthorized);
        (await fixture.Hub.Authenticate(token, Cancellation)).ShouldBe(sandbox.Sandbox);
        (await Connect(client, (await fixture.Hub.Register(fixture.Spec().RegistrationToken, Cancellation))!)).ShouldBe(HttpStatusCode.UpgradeRequired);
    }

    [Fact(Timeout = Limit)]
    public async Task Running_sandboxes_are_listed_with_their_labels_also_after_a_restart()
    {
        await using var fixture = new SandboxFixture(Under);
        var (one, two) = (fixture.Spec(), fixture.Spec());
        await fixture.Start(one);
        await fixture.Start(two);

        var listed = await fixture.NewProvider().List(Cancellation);

        listed.Select(s => s.Id).ShouldBe([one.Id, two.Id], ignoreOrder: true);
        listed.Single(s => s.Id == one.Id).Labels.ShouldBe(one.Labels, ignoreOrder: true);
    }

    [Fact(Timeout = Limit)]
    public async Task A_restarted_service_stops_what_its_predecessor_started()
    {
        await using var fixture = new SandboxFixture(Under);
        var spec = fixture.Spec();
        var sandbox = await fixture.Start(spec);
        var marker = $"{Guid.NewGuid():N}";
        await sandbox.StartBash("agent", $"echo up; exec -a {marker} sleep 1000");
        await sandbox.ReadSome("agent", 1);
        await sandbox.Bash($"until grep -qa {marker} /proc/[0-9]*/cmdline; do :; done");
        HostProcesses.With(marker).ShouldNotBeEmpty();

        await fixture.NewProvider().Stop(spec.Id, Cancellation);

        HostProcesses.With(marker).ShouldBeEmpty();
        HostProcesses.With(spec.Id.Value).ShouldBeEmpty();
        (await fixture.Provider.List(Cancellation)).ShouldBeEmpty();
        Directory.EnumerateFiles(fixture.State, $"*{spec.Id}*").ShouldBeEmpty();
    }

    [Fact(Timeout = Limit)]
    public async Task Stopping_what_is_gone_does_nothing()
    {
        await using var fixture = new SandboxFixture(Under);
        var spec = fixture.Spec();
        await fixture.Start(spec);

        await fixture.Provider.Stop(spec.Id, Cancellation);
        await fixture.Provider.Stop(spec.Id, Cancellation);
        await fixture.Provider.Stop(SandboxId.New(), Cancellation);
    }

    [Fact(Timeout = Limit)]
    public async Task A_sandbox_whose_workspace_is_missing_does_not_start_and_leaves_nothing()
    {
        await using var fixture = new SandboxFixture(Under);
        var spec = fixture.Spec() with { Workspace = "/nowhere/at/all" };

        var failure = await Should.ThrowAsync<SandboxException>(fixture.Provider.Start(spec, Cancellation));

        failure.Failure.ShouldBe(SandboxFailure.DidNotStart);
        failure.Message.ShouldContain("/nowhere/at/all");
        HostProcesses.With(spec.Id.Value).ShouldBeEmpty();
        (await fixture.Provider.List(Cancellation)).ShouldBeEmpty();
    }

    [Fact(Timeout = Limit)]
    public async Task A_sandbox_that_cannot_be_set_up_says_why_and_leaves_nothing()
    {
        await using var fixture = new SandboxFixture(Under);
        var spec = fixture.Spec();
        spec = spec with { ReadOnly = new Dictionary<string, string> { [spec.Home] = "/proc/no/such/place" } };

        var failure = await Should.ThrowAsync<SandboxException>(fixture.Provider.Start(spec, Cancellation));

        failure.Message.ShouldContain("/proc/no");
        failure.Message.ShouldNotContain(spec.RegistrationToken);
        HostProcesses.With(spec.Id.Value).ShouldBeEmpty();
        Directory.EnumerateFiles(fixture.State).ShouldBeEmpty();
    }

    [Fact(Timeout = Limit)]
    public async Task A_sidecar_that_ends_takes_nothing_with_it_but_its_own_sandbox()
    {
        await using var fixture = new SandboxFixture(Under);
        var (one, two) = (await fixture.Start(), await fixture.Start());

        await fixture.Provider.Stop(one.Sandbox, Cancellation);
        fixture.Hub.Forget(one.Sandbox);

        one.Lost.IsCancellationRequested.ShouldBeTrue();
        (await two.Bash("echo still here")).Output.ShouldBe("still here\n");
    }

    static Task<HttpStatusCode> Register(HttpClient client, string? token) => Send(client, HttpMethod.Post, "/sidecar/register", token);

    static Task<HttpStatusCode> Connect(HttpClient client, string? token) => Send(client, HttpMethod.Get, "/sidecar/connect", token);

    static async Task<HttpStatusCode> Send(HttpClient client, HttpMethod method, string path, string? token)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.SendAsync(request, Cancellation);
        return response.StatusCode;
    }
}
