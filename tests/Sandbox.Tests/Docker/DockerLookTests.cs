using System.Globalization;
using Bots.Sandbox.Docker;
using Bots.Sandbox.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Bots.Sandbox.Tests.Docker;

/// <summary>Finding what runs, clearing away what is left, and what limits were reached, by what the engine tells.</summary>
public sealed class DockerLookTests
{
    const int Limit = 30_000;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limit)]
    public async Task What_ended_by_itself_is_removed_and_why_is_told()
    {
        await using var engine = await FakeEngine.Start();
        engine.Says("GET /containers/json", $"[{Summary("sbx_dead", "exited")},{Summary("sbx_live", "running")}]");
        engine.Says("GET /containers/*/json", $$$"""{"Id":"{{{FakeEngine.Container}}}","State":{"Pid":0,"ExitCode":137,"OOMKilled":true}}""");
        using var provider = engine.Provider();

        var listed = await provider.List(Cancellation);
        engine.Says("GET /containers/json", "[]");

        listed.ShouldHaveSingleItem().Id.ShouldBe(new SandboxId("sbx_live"));
        listed[0].Labels.ShouldBe(new Dictionary<string, string> { ["bots.session"] = "s" });
        engine.Calls.Where(c => c.Method == "DELETE").Select(c => c.Path).ShouldBe(["/v1.41/containers/bots-sbx_dead", "/v1.41/volumes/bots-sbx_dead"]);
        engine.Calls.First(c => c.Path == "/v1.41/containers/json").Query["filters"].ShouldBe("""{"label":["bots.docker.instance=here"]}""");
        (await provider.Breaches(Cancellation)).ShouldBe([new(new SandboxId("sbx_dead"), ResourceLimit.Memory, 1000)]);
        (await provider.Breaches(Cancellation)).ShouldBeEmpty();
    }

    [Fact(Timeout = Limit)]
    public async Task A_volume_is_removed_once_its_container_is_gone()
    {
        await using var engine = await FakeEngine.Start();
        engine.Says("GET /containers/json", $"[{Summary("sbx_live", "running")}]");
        engine.Says("GET /volumes", """
            {"Volumes":[{"Name":"bots-sbx_live","Labels":{"bots.docker.sandbox":"sbx_live"}},{"Name":"bots-sbx_gone","Labels":{"bots.docker.sandbox":"sbx_gone"}}]}
            """);
        using var provider = engine.Provider();

        await provider.List(Cancellation);

        engine.Calls.Where(c => c.Method == "DELETE").Select(c => c.Path).ShouldBe(["/v1.41/volumes/bots-sbx_gone"]);
    }

    [Fact(Timeout = Limit)]
    public async Task A_container_that_was_never_started_is_left_to_whoever_is_at_it_for_a_while()
    {
        await using var engine = await FakeEngine.Start();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        engine.Says("GET /containers/json", $"[{Summary("sbx_new", "created", now)},{Summary("sbx_old", "created", now - 3600)}]");
        using var provider = engine.Provider();

        (await provider.List(Cancellation)).ShouldBeEmpty();

        engine.Calls.Where(c => c.Method == "DELETE" && c.Path.Contains("/containers/")).Select(c => c.Path).ShouldBe(["/v1.41/containers/bots-sbx_old"]);
    }

    [Fact(Timeout = Limit)]
    public async Task Where_cgroups_cannot_be_seen_the_engine_is_asked()
    {
        await using var engine = await FakeEngine.Start();
        var oom = $$$"""{"Type":"container","Action":"oom","Actor":{"ID":"{{{FakeEngine.Container}}}","Attributes":{}},"time":1}""" + "\n";
        engine.Says("GET /containers/json", $"[{Summary("sbx_live", "running")}]");
        engine.Says("GET /events", "");
        engine.Says("GET /containers/*/stats", """{"pids_stats":{"current":12,"limit":50}}""");
        using var provider = engine.Provider();
        (await provider.Breaches(Cancellation)).ShouldBeEmpty();

        engine.Says("GET /events", oom + oom);
        var memory = await provider.Breaches(Cancellation);
        engine.Says("GET /events", "");
        engine.Says("GET /containers/*/stats", """{"pids_stats":{"current":50,"limit":50}}""");
        var processes = await provider.Breaches(Cancellation);

        memory.ShouldBe([new(new SandboxId("sbx_live"), ResourceLimit.Memory, 1000)]);
        processes.ShouldBe([new(new SandboxId("sbx_live"), ResourceLimit.Processes, 10)]);
        (await provider.Breaches(Cancellation)).ShouldBeEmpty();
    }

    [Fact(Timeout = Limit)]
    public async Task A_clock_that_is_set_back_keeps_nothing_from_being_told()
    {
        await using var engine = await FakeEngine.Start();
        var clock = new ManualTime();
        engine.Says("GET /containers/json", $"[{Summary("sbx_live", "running")}]");
        engine.On("GET /events", async context =>
        {
            var query = context.Request.Query;
            context.Response.StatusCode = double.Parse(query["since"]!, CultureInfo.InvariantCulture) <= double.Parse(query["until"]!, CultureInfo.InvariantCulture) ? 200 : 400;
            await context.Response.WriteAsync("");
        });
        engine.Says("GET /containers/*/stats", """{"pids_stats":{"current":12,"limit":50}}""");
        using var provider = engine.Provider(clock);
        (await provider.Breaches(Cancellation)).ShouldBeEmpty();

        clock.Advance(-TimeSpan.FromDays(2));
        engine.Says("GET /containers/*/stats", """{"pids_stats":{"current":50,"limit":50}}""");

        (await provider.Breaches(Cancellation)).ShouldBe([new(new SandboxId("sbx_live"), ResourceLimit.Processes, 10)]);
    }

    [Fact(Timeout = Limit)]
    public async Task A_container_that_goes_while_it_is_looked_at_takes_no_news_with_it()
    {
        await using var engine = await FakeEngine.Start();
        engine.Says("GET /containers/json", $"[{Summary("sbx_live", "running")}]");
        engine.Says("GET /events", "");
        engine.Says("GET /containers/*/stats", """{"pids_stats":{"current":12,"limit":50}}""");
        using var provider = engine.Provider();
        (await provider.Breaches(Cancellation)).ShouldBeEmpty();

        engine.Says("GET /events", $$$"""{"Type":"container","Action":"oom","Actor":{"ID":"{{{FakeEngine.Container}}}","Attributes":{}},"time":1}""" + "\n");
        engine.Fails("GET /containers/*/stats", 404, $"No such container: {FakeEngine.Container}");

        (await provider.Breaches(Cancellation)).ShouldBe([new(new SandboxId("sbx_live"), ResourceLimit.Memory, 1000)]);
    }

    [Theory(Timeout = Limit)]
    [InlineData("<html>Bad gateway</html>")]
    [InlineData("""{"containers":[]}""")]
    [InlineData("""[{"Id":1}]""")]
    [InlineData("null")]
    public async Task An_answer_that_is_none_of_an_engine_is_an_error(string answer)
    {
        await using var engine = await FakeEngine.Start();
        engine.Says("GET /containers/json", answer);
        using var provider = engine.Provider();

        var failure = await Should.ThrowAsync<SandboxException>(provider.List(Cancellation));

        failure.Failure.ShouldBe(SandboxFailure.Unavailable);
        failure.Message.ShouldContain(engine.Socket);
    }

    [Fact(Timeout = Limit)]
    public async Task Stopping_waits_for_a_removal_that_is_under_way()
    {
        await using var engine = await FakeEngine.Start();
        var removals = 0;
        engine.On("DELETE /containers/*", context =>
        {
            context.Response.StatusCode = ++removals < 3 ? 409 : 404;
            return Task.CompletedTask;
        });
        using var provider = engine.Provider();

        await provider.Stop(SandboxId.New(), Cancellation);

        removals.ShouldBe(3);
    }

    [Fact(Timeout = Limit)]
    public async Task A_sandbox_the_engine_cannot_remove_is_not_said_to_be_gone()
    {
        await using var engine = await FakeEngine.Start();
        engine.Fails("DELETE /containers/*", 500, "driver \"overlay2\" failed to remove root filesystem: device or resource busy");
        using var provider = engine.Provider();

        (await Should.ThrowAsync<SandboxException>(provider.Stop(SandboxId.New(), Cancellation))).Message.ShouldContain("device or resource busy");
    }

    [Fact]
    public void A_containers_groups_are_found_on_both_versions_and_never_another_ones()
    {
        const string one = "11:pids:/docker/abc\n10:cpu,cpuacct:/docker/abc\n9:memory:/docker/abc\n0::/system.slice/containerd.service\n";
        const string two = "0::/system.slice/docker-abc.scope\n";

        ContainerGroups.Folders(one, "abc").ShouldBe(["/sys/fs/cgroup/memory/docker/abc", "/sys/fs/cgroup/pids/docker/abc"]);
        ContainerGroups.Folders(two, "abc").ShouldBe(["/sys/fs/cgroup/system.slice/docker-abc.scope"]);
        ContainerGroups.Folders(two, "def").ShouldBeEmpty();
    }

    static string Summary(string sandbox, string state, long created = 0) => $$$"""
        {"Id":"{{{FakeEngine.Container}}}","State":"{{{state}}}","Created":{{{created}}},"Labels":{
          "bots.session":"s","bots.docker.instance":"here","bots.docker.sandbox":"{{{sandbox}}}","bots.docker.memory":"1000","bots.docker.processes":"10","bots.docker.disk":"100000",
          "bots.docker.workspace":"/nowhere/w","bots.docker.home":"/nowhere/h","bots.docker.free":"0"}}
        """;
}
