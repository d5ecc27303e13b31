using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Bots.Sandbox.Tests.Docker;

/// <summary>What the provider tells an engine, and what it makes of the engine's answers when a sandbox starts.</summary>
public sealed class DockerStartTests
{
    const int Limit = 30_000;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limit)]
    public async Task The_registration_token_is_told_to_the_container_alone_and_never_to_the_engine()
    {
        await using var engine = await FakeEngine.Start();
        using var provider = engine.Provider();
        var spec = engine.Spec();

        await provider.Start(spec, Cancellation);

        engine.Input.ShouldBe(spec.RegistrationToken);
        engine.Calls.ShouldAllBe(c => !c.Body.Contains(spec.RegistrationToken));
        engine.Calls.Select(c => c.ToString()).ShouldBe(
        [
            "GET /version", "GET /v1.41/info", "GET /v1.41/images/image/json", "POST /v1.41/containers/create",
            $"POST /v1.41/containers/bots-{spec.Id}/attach", $"POST /v1.41/containers/bots-{spec.Id}/start",
        ]);
    }

    [Fact(Timeout = Limit)]
    public async Task A_container_may_do_nothing_but_what_it_needs()
    {
        await using var engine = await FakeEngine.Start();
        using var provider = engine.Provider();
        var spec = engine.Spec() with { Limits = new ResourceLimits { Cpus = 1.5, Memory = 1 << 30, Processes = 100 } };

        await provider.Start(spec, Cancellation);

        var create = engine.Calls.Single(c => c.Path.EndsWith("/create", StringComparison.Ordinal));
        create.Query["name"].ShouldBe($"bots-{spec.Id}");
        var body = JsonDocument.Parse(create.Body).RootElement;
        body.GetProperty("User").GetString().ShouldNotStartWith("0:");
        var host = body.GetProperty("HostConfig");
        host.GetProperty("NetworkMode").GetString().ShouldBe("none");
        host.GetProperty("ReadonlyRootfs").GetBoolean().ShouldBeTrue();
        host.GetProperty("Init").GetBoolean().ShouldBeTrue();
        host.GetProperty("CapDrop").ToString().ShouldBe("""["ALL"]""");
        host.GetProperty("SecurityOpt").ToString().ShouldBe("""["no-new-privileges"]""");
        host.GetProperty("LogConfig").GetProperty("Type").GetString().ShouldBe("none");
        host.GetProperty("Memory").GetInt64().ShouldBe(1 << 30);
        host.GetProperty("MemorySwap").GetInt64().ShouldBe(1 << 30);
        host.GetProperty("NanoCpus").GetInt64().ShouldBe(1_500_000_000);
        host.TryGetProperty("Privileged", out _).ShouldBeFalse();
        host.GetProperty("Mounts").EnumerateArray().Where(m => !m.GetProperty("ReadOnly").GetBoolean()).Select(m => m.GetProperty("Target").GetString()).ShouldBe(["/workspace", "/home/agent"]);
    }

    [Fact(Timeout = Limit)]
    public async Task Without_the_image_nothing_is_made()
    {
        await using var engine = await FakeEngine.Start();
        engine.Fails("GET /images/*/json", 404, "No such image: image:latest");
        using var provider = engine.Provider();

        var failure = await Should.ThrowAsync<SandboxException>(provider.Start(engine.Spec(), Cancellation));

        failure.Failure.ShouldBe(SandboxFailure.ImageMissing);
        failure.Message.ShouldContain("./dev image");
        engine.Calls.ShouldAllBe(c => !c.Path.EndsWith("/create", StringComparison.Ordinal));
    }

    [Fact(Timeout = Limit)]
    public async Task An_image_that_goes_between_two_calls_is_missing_all_the_same()
    {
        await using var engine = await FakeEngine.Start();
        engine.Fails("POST /containers/create", 404, "No such image: sha256:1234");
        using var provider = engine.Provider();

        (await Should.ThrowAsync<SandboxException>(provider.Start(engine.Spec(), Cancellation))).Failure.ShouldBe(SandboxFailure.ImageMissing);
    }

    [Fact(Timeout = Limit)]
    public async Task A_sandbox_that_runs_already_is_left_alone()
    {
        await using var engine = await FakeEngine.Start();
        engine.Fails("POST /containers/create", 409, "Conflict. The container name is already in use");
        using var provider = engine.Provider();

        await Should.ThrowAsync<InvalidOperationException>(provider.Start(engine.Spec(), Cancellation));

        engine.Calls.ShouldAllBe(c => c.Method != "DELETE");
    }

    [Theory(Timeout = Limit)]
    [InlineData(500, "mkdir /var/lib/docker/overlay2: no space left on device", SandboxFailure.DiskFull)]
    [InlineData(500, "failed to create shim task: OCI runtime create failed", SandboxFailure.DidNotStart)]
    [InlineData(400, "invalid mount config for type \"bind\"", SandboxFailure.DidNotStart)]
    public async Task What_the_engine_says_is_passed_on_and_what_was_made_is_removed(int status, string message, SandboxFailure expected)
    {
        await using var engine = await FakeEngine.Start();
        engine.Fails("POST /containers/*/start", status, message);
        using var provider = engine.Provider();
        var spec = engine.Spec();

        var failure = await Should.ThrowAsync<SandboxException>(provider.Start(spec, Cancellation));

        failure.Failure.ShouldBe(expected);
        failure.Message.ShouldContain(message);
        engine.Calls.Select(c => c.ToString()).ShouldContain($"DELETE /v1.41/containers/bots-{spec.Id}");
    }

    [Fact(Timeout = Limit)]
    public async Task What_the_container_said_before_it_ended_is_told()
    {
        await using var engine = await FakeEngine.Start();
        engine.Attaches(["sh: 1: /opt/bots/dotnet/dotnet: not found"]);
        engine.Says("GET /containers/*/json", $$$"""{"Id":"{{{FakeEngine.Container}}}","State":{"Pid":0,"ExitCode":127,"Error":"","OOMKilled":false}}""");
        using var provider = engine.Provider();

        var failure = await Should.ThrowAsync<SandboxException>(provider.Start(engine.Spec(), Cancellation));

        failure.Failure.ShouldBe(SandboxFailure.DidNotStart);
        failure.Message.ShouldContain("127: sh: 1: /opt/bots/dotnet/dotnet: not found");
    }

    [Fact(Timeout = Limit)]
    public async Task An_engine_that_goes_in_the_middle_of_a_call_may_be_tried_again()
    {
        await using var engine = await FakeEngine.Start();
        engine.On("POST /containers/*/start", context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        using var provider = engine.Provider();

        var failure = await Should.ThrowAsync<SandboxException>(provider.Start(engine.Spec(), Cancellation));

        failure.Transient.ShouldBeTrue();
        failure.Message.ShouldContain("ended the connection");
    }

    [Fact(Timeout = Limit)]
    public async Task An_engine_that_hands_over_no_connection_starts_nothing()
    {
        await using var engine = await FakeEngine.Start();
        engine.Says("POST /containers/*/attach", "{}");
        using var provider = engine.Provider();

        (await Should.ThrowAsync<SandboxException>(provider.Start(engine.Spec(), Cancellation))).Message.ShouldContain("hand its connection over");
        engine.Calls.ShouldAllBe(c => !c.Path.EndsWith("/start", StringComparison.Ordinal));
    }

    [Fact(Timeout = Limit)]
    public async Task A_tree_is_an_overlay_the_engine_mounts()
    {
        await using var engine = await FakeEngine.Start();
        using var provider = engine.Provider();
        var spec = engine.Spec() with { Tree = engine.Folder("a,tree") };

        await provider.Start(spec, Cancellation);

        var volume = JsonDocument.Parse(engine.Calls.Single(c => c.Path.EndsWith("/volumes/create", StringComparison.Ordinal)).Body).RootElement;
        volume.GetProperty("Name").GetString().ShouldBe($"bots-{spec.Id}");
        volume.GetProperty("DriverOpts").GetProperty("type").GetString().ShouldBe("overlay");
        volume.GetProperty("DriverOpts").GetProperty("o").GetString().ShouldStartWith($"lowerdir={spec.Tree.Replace(",", "\\,")},upperdir={spec.Workspace}/upper,workdir={spec.Workspace}/work");
        volume.GetProperty("Labels").GetProperty("bots.docker.instance").GetString().ShouldBe("here");
    }

    [Fact(Timeout = Limit)]
    public async Task Where_the_engine_mounts_no_overlay_the_tree_is_copied()
    {
        await using var engine = await FakeEngine.Start();
        engine.On("POST /containers/*/start", async context =>
        {
            var refused = engine.Calls.Count(c => c.Path.EndsWith("/start", StringComparison.Ordinal)) == 1;
            context.Response.StatusCode = refused ? 500 : 204;
            if (refused) await context.Response.WriteAsJsonAsync(new { message = "error while mounting volume '': failed to mount local volume: mount overlay: invalid argument" });
        });
        using var provider = engine.Provider();
        var spec = engine.Spec() with { Tree = engine.Folder("tree") };
        await File.WriteAllTextAsync(Path.Combine(spec.Tree, "file"), "content", Cancellation);

        await provider.Start(spec, Cancellation);

        (await File.ReadAllTextAsync(Path.Combine(spec.Workspace, "copy/file"), Cancellation)).ShouldBe("content");
        var last = JsonDocument.Parse(engine.Calls.Last(c => c.Path.EndsWith("/containers/create", StringComparison.Ordinal)).Body).RootElement;
        last.GetProperty("HostConfig").GetProperty("Mounts")[0].GetProperty("Source").GetString().ShouldBe(Path.Combine(spec.Workspace, "copy"));
        engine.Calls.Count(c => c.ToString() == $"DELETE /v1.41/volumes/bots-{spec.Id}").ShouldBe(1);
    }
}
