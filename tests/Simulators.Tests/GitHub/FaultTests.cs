using System.Net;
using Bots.Simulators.GitHub.Faults;

namespace Bots.Simulators.Tests.GitHub;

public sealed class FaultTests
{
    private const string Pattern = "POST /repos/*/*/issues/*/comments";

    private const string Comments = "repos/acme/shop/issues/1/comments";

    [Fact]
    public async Task A_planned_fault_meets_the_next_calls_that_match_and_no_others()
    {
        await using var hub = await WithIssue();
        hub.Simulator.Fail(Pattern, Fault.ServerError, times: 2);

        (await hub.Call("GET", Comments)).Status.ShouldBe(HttpStatusCode.OK);
        (await Post(hub)).Status.ShouldBe(HttpStatusCode.InternalServerError);
        (await Post(hub)).Status.ShouldBe(HttpStatusCode.InternalServerError);
        (await Post(hub)).Status.ShouldBe(HttpStatusCode.Created);
        hub.Simulator.Comments(Hub.Shop, 1).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Credentials_and_rate_limits_fail_as_the_originals_do()
    {
        await using var hub = await WithIssue();
        hub.Simulator.Fail(Pattern, Fault.BadCredentials);
        hub.Simulator.Fail(Pattern, Fault.SecondaryRateLimit(TimeSpan.FromSeconds(30)));
        hub.Simulator.Fail(Pattern, Fault.TooManyRequests(TimeSpan.FromSeconds(5)));

        (await Post(hub)).Message.ShouldBe("Bad credentials");
        var limited = await Post(hub);
        (limited.Status, limited.Headers["Retry-After"]).ShouldBe((HttpStatusCode.Forbidden, "30"));
        limited.Message.ShouldContain("secondary rate limit");
        var pressed = await Post(hub);
        (pressed.Status, pressed.Headers["Retry-After"]).ShouldBe((HttpStatusCode.TooManyRequests, "5"));
    }

    [Fact]
    public async Task A_connection_dropped_before_has_no_effect_and_one_dropped_after_has()
    {
        await using var hub = await WithIssue();
        await hub.Token();

        hub.Simulator.Fail(Pattern, Fault.DropBefore);
        await Should.ThrowAsync<HttpRequestException>(() => Post(hub));
        hub.Simulator.Comments(Hub.Shop, 1).ShouldBeEmpty();

        hub.Simulator.Fail(Pattern, Fault.DropAfter);
        await Should.ThrowAsync<HttpRequestException>(() => Post(hub));
        hub.Simulator.Comments(Hub.Shop, 1).Count.ShouldBe(1);
        await hub.Simulator.WaitFor(() => hub.Simulator.Calls.Count(c => c.Status == 0) == 2, Hub.Patience);
    }

    [Fact]
    public async Task An_answer_breaks_off_in_its_middle_and_the_effect_is_there()
    {
        await using var hub = await WithIssue();
        await hub.Token();

        hub.Simulator.Fail(Pattern, Fault.Half);
        await Should.ThrowAsync<HttpRequestException>(() => Post(hub));
        hub.Simulator.Comments(Hub.Shop, 1).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_call_is_held_until_it_is_released()
    {
        await using var hub = await WithIssue();
        await hub.Token();
        var release = new TaskCompletionSource();
        hub.Simulator.Fail(Pattern, Fault.Hold(release.Task));
        var held = Post(hub);

        await hub.Call("GET", Comments);
        held.IsCompleted.ShouldBeFalse();
        release.SetResult();

        (await held).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_pattern_without_method_and_path_is_refused()
    {
        await using var hub = await WithIssue();

        Should.Throw<ArgumentException>(() => hub.Simulator.Fail("/repos/**", Fault.ServerError));
    }

    private static Task<Reply> Post(Hub hub) => hub.Call("POST", Comments, """{"body":"hello"}""");

    private static async Task<Hub> WithIssue()
    {
        var hub = await Hub.Start();
        hub.Simulator.OpenIssue("ada", Hub.Shop, "Broken", "It is.");
        return hub;
    }
}
