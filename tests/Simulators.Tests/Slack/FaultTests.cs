using Bots.Simulators.Slack;

namespace Bots.Simulators.Tests.Slack;

public sealed class FaultTests : SlackFixture
{
    private static readonly object Hello = new { channel = General, text = "hello" };

    [Fact]
    public async Task Faults_without_effect_leave_nothing_behind()
    {
        Slack.Fail("chat.postMessage", SlackFault.Status(500), times: 2);
        Slack.Fail("chat.postMessage", SlackFault.RateLimited(TimeSpan.FromSeconds(7)));
        Slack.Fail("*", SlackFault.Error("internal_error"));
        ((int)(await Send("chat.postMessage", Hello)).StatusCode).ShouldBe(500);
        ((int)(await Send("chat.postMessage", Hello)).StatusCode).ShouldBe(500);
        var limited = await Send("chat.postMessage", Hello);
        ((int)limited.StatusCode).ShouldBe(429);
        limited.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
        Error(await Call("chat.postMessage", Hello)).ShouldBe("internal_error");
        Slack.Messages(General).ShouldBeEmpty();
        Error(await Call("chat.postMessage", Hello)).ShouldBe("ok");
        Slack.Calls.Select(c => c.Status).ShouldBe([500, 500, 429, 200, 200]);
    }

    [Fact]
    public async Task A_connection_drops_before_or_after_the_effect()
    {
        Slack.Fail("chat.postMessage", SlackFault.DropBefore);
        await Should.ThrowAsync<HttpRequestException>(() => Send("chat.postMessage", Hello));
        Slack.Messages(General).ShouldBeEmpty();
        Slack.Fail("chat.postMessage", SlackFault.DropAfter);
        await Should.ThrowAsync<HttpRequestException>(() => Send("chat.postMessage", Hello));
        Slack.Messages(General).Single().Text.ShouldBe("hello");
        Slack.Calls.Select(c => (c.Status, HasAnswer: c.Response is not null)).ShouldBe([(null, false), (null, true)]);
    }

    [Fact]
    public async Task An_answer_breaks_off_in_its_middle_and_the_effect_is_there()
    {
        Slack.Fail("chat.postMessage", SlackFault.Half);
        await Should.ThrowAsync<HttpRequestException>(() => Send("chat.postMessage", Hello));
        Slack.Messages(General).Single().Text.ShouldBe("hello");
    }

    [Fact]
    public async Task A_call_is_held_until_it_is_released()
    {
        var release = new TaskCompletionSource();
        Slack.Fail("chat.postMessage", SlackFault.Hold(release.Task, afterEffect: true));
        var call = Call("chat.postMessage", Hello);
        await Slack.WaitFor(General, m => m.Text == "hello", Soon);
        call.IsCompleted.ShouldBeFalse();
        release.SetResult();
        Error(await call).ShouldBe("ok");
    }
}

public sealed class RateLimitTests : SlackFixture
{
    protected override SlackSimulatorOptions Adjust(SlackSimulatorOptions options) =>
        options with { RateLimits = new SlackRateLimits { Enforced = true, PostBurst = 2, Tier3 = 3 } };

    [Fact]
    public async Task Posts_are_counted_per_channel_and_second()
    {
        await Post("1");
        await Post("2");
        var third = await Send("chat.postMessage", new { channel = General, text = "3" });
        ((int)third.StatusCode).ShouldBe(429);
        third.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        Error(await Call("chat.postMessage", new { channel = Slack.DirectChannel(Alice), text = "elsewhere" })).ShouldBe("ok");
        Time.Pass(TimeSpan.FromSeconds(1));
        await Post("3");
    }

    [Fact]
    public async Task Edits_are_counted_per_minute()
    {
        var ts = await Post("1");
        for (var i = 0; i < 3; i++)
            Error(await Call("chat.update", new { channel = General, ts, text = $"{i}" })).ShouldBe("ok");
        Error(await Call("chat.update", new { channel = General, ts, text = "4" })).ShouldBe("ratelimited");
        Time.Pass(TimeSpan.FromSeconds(20));
        Error(await Call("chat.update", new { channel = General, ts, text = "4" })).ShouldBe("ok");
    }
}
