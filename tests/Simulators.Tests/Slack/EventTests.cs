using System.Text;
using Bots.Simulators.Slack;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Tests.Slack;

public sealed class EventTests : SlackFixture
{
    [Fact]
    public void The_signature_is_the_one_Slack_publishes() => SlackSignature.Sign(
        "8f742231b10e8888abcd99yyyzzz85a5",
        "1531420618",
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c")
        .ShouldBe("v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503");

    [Fact]
    public async Task A_mention_in_a_channel_comes_as_two_events()
    {
        var ts = await Slack.Say(Alice, General, "@Bots fix a < b & c");
        var received = await App.Count(2);
        received.Select(r => r.Event.GetProperty("type").GetString()).ShouldBe(["app_mention", "message"], ignoreOrder: true);
        received.Select(r => r.Json.GetProperty("event_id").GetString()).ShouldBeUnique();
        foreach (var one in received)
        {
            one.Event.GetProperty("ts").GetString().ShouldBe(ts);
            one.Event.GetProperty("text").GetString().ShouldBe($"<@{Slack.Options.BotUserId}> fix a &lt; b &amp; c");
            one.Headers["X-Slack-Signature"].ShouldBe(SlackSignature.Sign(Slack.Options.SigningSecret, one.Headers["X-Slack-Request-Timestamp"], one.Body));
            one.Headers.ContainsKey("x-slack-retry-num").ShouldBeFalse();
        }

        received.Single(r => r.Event.GetProperty("type").GetString() == "message").Event.GetProperty("channel_type").GetString().ShouldBe("channel");
    }

    [Fact]
    public async Task A_direct_message_comes_as_one_event()
    {
        var (_, events) = Slack.SayQuietly(Alice, Slack.DirectChannel(Alice), "@bots hello");
        events.Single().Type.ShouldBe("message");
        (await Slack.Deliver(events[0])).Status.ShouldBe(200);
        App.All.Single().Event.GetProperty("channel_type").GetString().ShouldBe("im");
    }

    [Fact]
    public void The_app_hears_nothing_from_where_it_is_not() => Slack.SayQuietly(Alice, Elsewhere, "@bots hello").Events.ShouldBeEmpty();

    [Fact]
    public async Task A_reply_names_its_thread()
    {
        var parent = await Post("parent");
        var (_, events) = Slack.SayQuietly(Bob, General, "reply", parent);
        await Slack.Deliver(events.Single());
        App.All.Single().Event.GetProperty("thread_ts").GetString().ShouldBe(parent);
        App.All.Single().Event.GetProperty("parent_user_id").GetString().ShouldBe(Slack.Options.BotUserId);
    }

    [Fact]
    public async Task What_is_not_taken_is_sent_again_three_times()
    {
        App.Answer = (_, _, context) =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await Slack.Say(Alice, General, "hello");
        await Time.PassOnceAwaited(TimeSpan.FromMinutes(1));
        await Time.PassOnceAwaited(TimeSpan.FromMinutes(5));
        var received = await App.Count(4);
        received.Skip(1).Select(r => (r.Headers["x-slack-retry-num"], r.Headers["x-slack-retry-reason"])).ShouldBe([("1", "http_error"), ("2", "http_error"), ("3", "http_error")]);
        received.Select(r => r.Json.GetProperty("event_id").GetString()).Distinct().Count().ShouldBe(1);
        await Slack.WaitForState(() => Slack.Deliveries.Count == 4, Soon);
    }

    [Fact]
    public async Task A_receiver_can_ask_for_no_more()
    {
        App.Answer = (_, _, context) =>
        {
            context.Response.StatusCode = 500;
            context.Response.Headers["x-slack-no-retry"] = "1";
            return Task.CompletedTask;
        };
        var (_, events) = Slack.SayQuietly(Alice, General, "hello");
        var delivery = await Slack.Deliver(events.Single());
        (delivery.Failure, delivery.NoRetry).ShouldBe(("http_error", true));
    }

    [Fact]
    public async Task Three_seconds_are_too_long()
    {
        var never = new TaskCompletionSource();
        App.Answer = (number, _, context) => number == 0 ? never.Task.WaitAsync(context.RequestAborted) : Task.CompletedTask;
        await Slack.Say(Alice, General, "hello");
        await App.Count(1);
        Time.Pass(TimeSpan.FromSeconds(3));
        var received = await App.Count(2);
        received[1].Headers["x-slack-retry-reason"].ShouldBe("http_timeout");
    }

    [Fact]
    public async Task One_event_can_be_delivered_many_times_at_once()
    {
        App.Answer = async (number, _, context) =>
        {
            await App.Count(3);
            context.Response.StatusCode = number == 0 ? 200 : 503;
        };
        var (_, events) = Slack.SayQuietly(Alice, General, "hello");
        var deliveries = await Task.WhenAll(Slack.Deliver(events[0]), Slack.Deliver(events[0]), Slack.Deliver(events[0], retry: 1));
        deliveries.Select(d => d.Status).ShouldBe([200, 503, 503], ignoreOrder: true);
    }

    [Fact]
    public async Task A_forgery_can_be_sent_too()
    {
        var (_, events) = Slack.SayQuietly(Alice, General, "hello");
        await Slack.Deliver(events[0], secret: "wrong", signedAt: Time.GetUtcNow().AddMinutes(-6));
        var received = App.All.Single();
        received.Headers["X-Slack-Request-Timestamp"].ShouldBe(Time.GetUtcNow().AddMinutes(-6).ToUnixTimeSeconds().ToString());
        received.Headers["X-Slack-Signature"].ShouldNotBe(SlackSignature.Sign(Slack.Options.SigningSecret, received.Headers["X-Slack-Request-Timestamp"], received.Body));
    }

    [Fact]
    public async Task The_events_url_proves_itself_with_the_challenge()
    {
        (await Slack.VerifyEventsUrl()).ShouldBeFalse();
        App.Answer = (_, received, context) => context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(received.Json.GetProperty("challenge").GetString()!)).AsTask();
        (await Slack.VerifyEventsUrl()).ShouldBeTrue();
    }

    [Fact]
    public async Task Edits_deletions_and_reactions_of_people_are_events()
    {
        var (ts, _) = Slack.SayQuietly(Alice, General, "hello");
        Slack.Edit(Alice, General, ts, "hello again");
        Slack.React(Bob, General, ts, "eyes");
        Slack.Delete(Alice, General, ts);
        var events = (await App.Count(3)).Select(r => r.Event).ToList();
        var changed = events.Single(e => e.TryGetProperty("subtype", out var s) && s.GetString() == "message_changed");
        changed.GetProperty("message").GetProperty("text").GetString().ShouldBe("hello again");
        changed.GetProperty("previous_message").GetProperty("text").GetString().ShouldBe("hello");
        events.ShouldContain(e => e.GetProperty("type").GetString() == "reaction_added");
        events.Count(e => e.TryGetProperty("deleted_ts", out _)).ShouldBe(1);
    }
}

public sealed class EchoTests : SlackFixture
{
    protected override SlackSimulatorOptions Adjust(SlackSimulatorOptions options) => options with { EchoBotMessages = true };

    [Fact]
    public async Task The_app_hears_itself_and_can_tell()
    {
        await Post($"I am <@{Slack.Options.BotUserId}>");
        var received = (await App.Count(1)).Single();
        received.Event.GetProperty("type").GetString().ShouldBe("message");
        received.Event.GetProperty("bot_id").GetString().ShouldBe(Slack.Options.BotId);
    }
}
