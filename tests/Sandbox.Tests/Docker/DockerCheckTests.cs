using System.Net.Sockets;
using Bots.Sandbox.Docker;
using Bots.Sandbox.Docker.Api;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Sandbox.Tests.Docker;

/// <summary>Whatever can be wrong with an engine is said, with the line that mends it.</summary>
public sealed class DockerCheckTests
{
    const int Limit = 30_000;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = Limit)]
    [InlineData("1.41", "1.12", "/v1.41/info")]
    [InlineData("1.44", "1.24", "/v1.44/info")]
    [InlineData("1.56", "1.40", "/v1.44/info")]
    [InlineData("1.70", "1.50", "/v1.50/info")]
    public async Task The_newest_version_both_know_is_spoken(string newest, string oldest, string path)
    {
        await using var engine = await FakeEngine.Start();
        engine.Version(newest, oldest);
        using var provider = engine.Provider();

        (await provider.Check(Cancellation)).ShouldBeEmpty();
        engine.Calls.ShouldContain(c => c.Path == path);
    }

    [Fact(Timeout = Limit)]
    public async Task An_engine_that_is_too_old_is_not_used()
    {
        await using var engine = await FakeEngine.Start();
        engine.Version("1.40");
        using var provider = engine.Provider();

        (await provider.Check(Cancellation)).ShouldHaveSingleItem().What.ShouldContain("1.40 is too old");
        (await Should.ThrowAsync<SandboxException>(provider.Start(engine.Spec(), Cancellation))).Failure.ShouldBe(SandboxFailure.Unavailable);
    }

    [Fact(Timeout = Limit)]
    public async Task Podman_is_taken_at_its_word()
    {
        await using var engine = await FakeEngine.Start();
        engine.Says("GET /version", """{"Version":"4.3.1","ApiVersion":"1.40","MinAPIVersion":"1.24","Components":[{"Name":"Podman Engine","Version":"4.3.1"},{"Name":"Conmon","Version":"x"}]}""");
        using var provider = engine.Provider();

        (await provider.Check(Cancellation)).ShouldBeEmpty();
    }

    [Fact(Timeout = Limit)]
    public async Task A_missing_image_is_built_by_one_command()
    {
        await using var engine = await FakeEngine.Start();
        engine.Fails("GET /images/*/json", 404, "No such image");
        using var provider = engine.Provider();

        (await provider.Check(Cancellation)).ShouldBe([new("The engine has no image image.", "./dev image")]);
    }

    [Fact(Timeout = Limit)]
    public async Task Limits_the_engine_cannot_enforce_are_told_and_stop_nothing()
    {
        await using var engine = await FakeEngine.Start();
        engine.Says("GET /info", """{"NCPU":2,"MemoryLimit":false,"CpuCfsQuota":false,"PidsLimit":false,"OSType":"linux","SecurityOptions":[]}""");
        using var provider = engine.Provider();

        var problems = await provider.Check(Cancellation);

        problems.ShouldAllBe(p => !p.Fatal && p.Mend.Length > 0);
        string.Join(' ', problems.Select(p => p.What)).ShouldBe(
            "The limit of memory of a sandbox is not enforced: the engine cannot. The limit of processors of a sandbox is not enforced: the engine cannot. "
            + "The limit of processes of a sandbox is not enforced: the engine cannot. The engine filters no system calls: it, or the kernel, has no seccomp.");
    }

    [Theory(Timeout = Limit)]
    [InlineData("20.10.24+dfsg1", true)]
    [InlineData("23.0.0", false)]
    [InlineData("29.0.1", false)]
    public async Task An_engine_whose_filter_lets_sockets_to_the_hypervisor_through_says_so(string version, bool told)
    {
        await using var engine = await FakeEngine.Start();
        engine.Says("GET /version", $$"""{"Version":"{{version}}","ApiVersion":"1.41"}""");
        using var provider = engine.Provider();

        var problems = await provider.Check(Cancellation);

        problems.Any(p => p.What.Contains("AF_VSOCK", StringComparison.Ordinal) && !p.Fatal).ShouldBe(told);
    }

    [Fact(Timeout = Limit)]
    public async Task A_rootless_Docker_is_refused_and_a_rootless_Podman_is_not()
    {
        await using var engine = await FakeEngine.Start();
        engine.Says("GET /info", """{"NCPU":2,"MemoryLimit":true,"SwapLimit":true,"CpuCfsQuota":true,"PidsLimit":true,"OSType":"linux","SecurityOptions":["name=seccomp,profile=default","name=rootless"]}""");
        using var docker = engine.Provider();
        (await docker.Check(Cancellation)).ShouldHaveSingleItem().Fatal.ShouldBeTrue();

        engine.Says("GET /version", """{"ApiVersion":"1.41","Components":[{"Name":"Podman Engine"}]}""");
        using var podman = engine.Provider();
        (await podman.Check(Cancellation)).ShouldBeEmpty();
    }

    [Fact(Timeout = Limit)]
    public async Task Without_an_engine_nothing_works_and_that_is_said()
    {
        await using var engine = await FakeEngine.Start();
        using var provider = new DockerProvider(engine.Options with { Socket = "/nowhere/docker.sock" }, TimeProvider.System, NullLogger<DockerProvider>.Instance);

        var problem = (await provider.Check(Cancellation)).ShouldHaveSingleItem();
        problem.What.ShouldBe("No Docker engine answers at /nowhere/docker.sock: there is no such socket.");
        problem.Mend.ShouldContain("apt-get install docker.io");
        (await Should.ThrowAsync<SandboxException>(provider.Start(engine.Spec(), Cancellation))).Failure.ShouldBe(SandboxFailure.Unavailable);
        (await Should.ThrowAsync<SandboxException>(provider.List(Cancellation))).Failure.ShouldBe(SandboxFailure.Unavailable);
    }

    [Fact]
    public void A_socket_closed_to_the_service_says_so()
    {
        var refused = EngineSocket.Translate(new HttpRequestException("no", new SocketException((int)SocketError.AccessDenied))).ShouldNotBeNull();

        var failure = DockerFailures.Translate(refused, "/run/docker.sock", SandboxFailure.DidNotStart);

        failure.Failure.ShouldBe(SandboxFailure.Unavailable);
        failure.Message.ShouldBe("The service's user may not use the Docker engine's socket /run/docker.sock.");
    }

    [Theory]
    [InlineData(null, "/var/run/docker.sock")]
    [InlineData("", "/var/run/docker.sock")]
    [InlineData("unix:///run/user/1000/docker.sock", "/run/user/1000/docker.sock")]
    [InlineData("tcp://127.0.0.1:2375", "tcp://127.0.0.1:2375")]
    public void The_socket_is_where_everybody_says_it_is(string? host, string socket) => DockerOptions.FromHost(host).ShouldBe(socket);

    [Fact(Timeout = Limit)]
    public async Task Only_Unix_sockets_are_spoken_to()
    {
        await using var engine = await FakeEngine.Start();
        using var provider = new DockerProvider(engine.Options with { Socket = "tcp://127.0.0.1:2375" }, TimeProvider.System, NullLogger<DockerProvider>.Instance);

        (await provider.Check(Cancellation)).ShouldHaveSingleItem().What.ShouldContain("tcp://127.0.0.1:2375 is not the path of a Unix socket");
    }
}
