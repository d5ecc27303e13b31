using System.Net;
using Bots.Gateway;
using static Bots.Tests.Gateway.Push;

namespace Bots.Tests.Gateway;

/// <summary>A sandbox that wants to fill the audit log, or the service.</summary>
public sealed class GitFloodTests
{
    private const string Push = "/git/acme/widgets.git/git-receive-pack";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_beyond_a_burst_wait_for_their_turn()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UnixEpoch);
        var pace = new GitPace(time);
        for (var n = 0; n < GitPace.Burst; n++)
        {
            var call = pace.Enter(GatewayHost.Caller.Sandbox, Cancellation);
            call.IsCompletedSuccessfully.ShouldBeTrue();
            (await call)!.Dispose();
        }

        var next = pace.Enter(GatewayHost.Caller.Sandbox, Cancellation);

        next.IsCompleted.ShouldBeFalse();
        time.Advance(GitPace.Interval);
        (await next).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_clock_that_is_set_back_makes_nobody_wait()
    {
        var time = new ManualTime(ManualTime.Noon);
        var pace = new GitPace(time);
        (await pace.Enter(GatewayHost.Caller.Sandbox, Cancellation))!.Dispose();

        time.Now -= TimeSpan.FromDays(2);

        pace.Enter(GatewayHost.Caller.Sandbox, Cancellation).IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task Where_too_many_are_under_way_a_call_is_answered_and_not_written_down()
    {
        await using var host = await GatewayHost.Start();
        using var client = host.Client();
        for (var n = 0; n < GitPace.MostOpen; n++) (await host.Get<GitPace>().Enter(GatewayHost.Caller.Sandbox, Cancellation)).ShouldNotBeNull();

        using var response = await client.GetAsync("/git/acme/secrets.git/info/refs?service=git-upload-pack", Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        response.Headers.RetryAfter.ShouldNotBeNull();
        host.Trail.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task While_a_push_is_under_way_another_waits_and_is_told_so()
    {
        await using var host = await GatewayHost.Start(time: new InstantTime(PushRooms.Patience));
        using var client = host.Client();
        using (await host.Get<PushRooms>().Pushes.Take(GatewayHost.Caller.Sandbox, 1, Cancellation))
        {
            using var busy = await client.PostAsync(Push, new ByteArrayContent(Head(Update("refs/heads/main"))), Cancellation);
            busy.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            (await busy.Content.ReadAsStringAsync(Cancellation)).ShouldContain("still under way");
        }

        using var judged = await client.PostAsync(Push, new ByteArrayContent(Head(Update("refs/heads/main"))), Cancellation);
        judged.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(20, null)]
    [InlineData(21, 21)]
    [InlineData(100, 100)]
    public async Task Of_a_long_push_the_first_refs_are_written_down_and_the_sum_of_all(int count, int? inAll)
    {
        await using var host = await GatewayHost.Start();
        using var client = host.Client();

        using var response = await client.PostAsync(Push, new ByteArrayContent(Head(Refs(count))), Cancellation);

        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("may push to");
        var entry = await host.Trail.Next();
        entry.Data["refs"]!.AsArray().Count.ShouldBe(20);
        entry.Data["refs"]![0]!.GetValue<string>().ShouldBe($"refs/heads/0 {Old} {New}");
        entry.Data["refsInAll"]?.GetValue<int>().ShouldBe(inAll!.Value);
        (entry.Data["refsInAll"] is null, entry.Data["refsSha256"] is null).ShouldBe((inAll is null, inAll is null));
    }

    [Fact]
    public async Task A_push_of_more_than_a_hundred_refs_is_refused_and_its_list_is_not_written_down()
    {
        await using var host = await GatewayHost.Start();
        using var client = host.Client();

        using var response = await client.PostAsync(Push, new ByteArrayContent(Head(Refs(101))), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("too many refs at once, 101");
        (await host.Trail.Next()).Data["refs"]!.AsArray().ShouldBeEmpty();
    }

    private static string[] Refs(int count) => [.. Enumerable.Range(0, count).Select(n => n == 0 ? Update("refs/heads/0") : $"{Old} {New} refs/heads/{n}")];
}
