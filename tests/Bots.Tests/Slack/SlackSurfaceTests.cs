using System.Net;
using Bots.Engine;
using Bots.Engine.Surfaces;

namespace Bots.Tests.Slack;

public sealed class SlackSurfaceTests
{
    private static readonly ConversationKey Thread = new("slack", "T1/C1/1700000000.000100");

    private readonly SlackKit _kit = new();

    private static CancellationToken None => CancellationToken.None;

    private SurfaceMessage Message => _kit.Surface.Render(new Notice("n1", Thread, "**Hello** <!channel>", null));

    [Fact]
    public async Task A_message_is_posted_into_its_thread_with_its_key_as_metadata()
    {
        _kit.Slack.Answer("chat.postMessage", """{"ok":true,"channel":"C1","ts":"1700000002.5","message":{}}""");
        (await _kit.Surface.Post(Thread, Message, None)).ShouldBe("C1/1700000002.5");
        var call = _kit.Slack.Only("chat.postMessage");
        call.Text("channel").ShouldBe("C1");
        call.Text("thread_ts").ShouldBe("1700000000.000100");
        call.Text("text").ShouldBe("*Hello* &lt;!channel&gt;");
        call.Text("parse").ShouldBe("none");
        call.Body.GetProperty("link_names").GetBoolean().ShouldBeFalse();
        call.Body.GetProperty("unfurl_links").GetBoolean().ShouldBeFalse();
        call.Body.GetProperty("metadata").GetRawText().ShouldBe("""{"event_type":"bots_message","event_payload":{"key":"notice:n1"}}""");
        call.Body.GetProperty("blocks")[0].GetProperty("type").GetString().ShouldBe("section");
    }

    [Fact]
    public async Task The_plain_form_of_a_message_is_its_text_alone()
    {
        var plain = _kit.Surface.Plain(Message).ShouldNotBeNull();
        _kit.Slack.Answer("chat.update", """{"ok":true,"channel":"C1","ts":"1700000002.5","text":"x"}""");

        await _kit.Surface.Edit(Thread, "C1/1700000002.5", plain, None);

        var call = _kit.Slack.Only("chat.update");
        call.Text("text").ShouldBe("*Hello* &lt;!channel&gt;");
        call.Body.GetProperty("blocks").GetArrayLength().ShouldBe(0);
        _kit.Surface.Plain(plain).ShouldBeNull();
    }

    [Fact]
    public async Task An_edit_changes_the_posted_message()
    {
        _kit.Slack.Answer("chat.update", """{"ok":true,"channel":"C1","ts":"1700000002.5","text":"x"}""");
        await _kit.Surface.Edit(Thread, "C1/1700000002.5", Message, None);
        var call = _kit.Slack.Only("chat.update");
        (call.Text("channel"), call.Text("ts")).ShouldBe(("C1", "1700000002.5"));
        call.Body.TryGetProperty("metadata", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"ok":true}""")]
    [InlineData("""{"ok":false,"error":"already_reacted"}""")]
    public async Task A_reaction_may_be_there_already(string answer)
    {
        _kit.Slack.Answer("reactions.add", answer);
        var eyes = _kit.Surface.Render(Sessions.Queued(), Sessions.InThread, SlackKit.Start)[0];
        eyes.Editable.ShouldBeFalse();
        await _kit.Surface.Post(Thread, eyes, None);
        var call = _kit.Slack.Only("reactions.add");
        (call.Text("channel"), call.Text("timestamp"), call.Text("name")).ShouldBe(("C1", "1700000000.000100", "eyes"));
        (await _kit.Surface.Find(Thread, eyes, None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_private_notice_is_seen_by_one_person()
    {
        _kit.Slack.Answer("chat.postEphemeral", """{"ok":true,"message_ts":"1.2"}""");
        var notice = _kit.Surface.Render(new Notice("n1", Thread, "Only **you**", new Person("slack", "UANA", "Ana")));
        notice.Editable.ShouldBeFalse();
        await _kit.Surface.Post(Thread, notice, None);
        var call = _kit.Slack.Only("chat.postEphemeral");
        (call.Text("user"), call.Text("thread_ts"), call.Text("text")).ShouldBe(("UANA", "1700000000.000100", "Only *you*"));
    }

    [Fact]
    public void A_notice_to_somebody_of_another_surface_is_an_ordinary_message() =>
        _kit.Surface.Render(new Notice("n1", Thread, "x", new Person("github", "ana", "Ana"))).Editable.ShouldBeTrue();

    [Fact]
    public async Task A_lost_post_is_found_by_its_metadata_on_any_page()
    {
        _kit.Slack.Answer("conversations.replies", call => call.Query.ContainsKey("cursor")
            ? """{"ok":true,"messages":[{"user":"UEVE","ts":"3.0","metadata":{"event_type":"bots_message","event_payload":{"key":"notice:n1"}}},{"user":"UBOT","ts":"4.0","metadata":{"event_type":"bots_message","event_payload":{"key":"notice:n1"}}}]}"""
            : """{"ok":true,"messages":[{"user":"UBOT","ts":"1.0"},{"user":"UBOT","ts":"2.0","metadata":{"event_type":"other_app","event_payload":{"key":7}}},{"user":"UBOT","ts":"2.5","metadata":{"event_type":"bots_message","event_payload":[]}}],"response_metadata":{"next_cursor":"p2"}}""");
        (await _kit.Surface.Find(Thread, Message, None)).ShouldBe("C1/4.0");
        _kit.Slack.Calls.Where(c => c.Method == "conversations.replies").ShouldAllBe(c => c.Query["include_all_metadata"] == "true" && c.Query["ts"] == "1700000000.000100");
        (await _kit.Surface.Find(Thread, Message with { Key = "notice:n2" }, None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_new_conversation_is_opened_by_its_first_message()
    {
        _kit.Slack.Answer("conversations.list", """{"ok":true,"channels":[{"id":"C7","name":"deploys"}],"response_metadata":{"next_cursor":""}}""");
        _kit.Slack.Answer("chat.postMessage", """{"ok":true,"channel":"C7","ts":"9.5"}""");
        _kit.Slack.Answer("conversations.history", """{"ok":true,"messages":[{"bot_id":"BBOT","ts":"9.5","metadata":{"event_type":"bots_message","event_payload":{"key":"notice:n1"}}}]}""");
        var key = await _kit.Surface.NewConversation("#deploys", None);
        key.Key.ShouldStartWith("T1/C7/new:");
        (await _kit.Surface.NewConversation("C7", None)).ShouldNotBe(key);

        var id = await _kit.Surface.Post(key, Message, None);
        _kit.Slack.Only("chat.postMessage").Text("thread_ts").ShouldBeNull();
        _kit.Surface.Opened(key, id).ShouldBe(new ConversationKey("slack", "T1/C7/9.5"));
        _kit.Surface.Opened(Thread, id).ShouldBeNull();
        (await _kit.Surface.Find(key, Message, None)).ShouldBe(id);
    }

    [Fact]
    public async Task A_channel_that_is_not_there_is_rejected()
    {
        _kit.Slack.Answer("conversations.list", """{"ok":true,"channels":[]}""");
        (await Should.ThrowAsync<SurfaceException>(() => _kit.Surface.NewConversation("#nowhere", None))).Outcome.ShouldBe(SurfaceOutcome.Rejected);
    }

    [Theory]
    [InlineData("ratelimited", SurfaceOutcome.Retry, SurfaceOutcome.Retry)]
    [InlineData("internal_error", SurfaceOutcome.Unknown, SurfaceOutcome.Retry)]
    [InlineData("fatal_error", SurfaceOutcome.Unknown, SurfaceOutcome.Retry)]
    [InlineData("token_revoked", SurfaceOutcome.Retry, SurfaceOutcome.Retry)]
    [InlineData("channel_not_found", SurfaceOutcome.PlaceGone, SurfaceOutcome.PlaceGone)]
    [InlineData("is_archived", SurfaceOutcome.PlaceGone, SurfaceOutcome.PlaceGone)]
    [InlineData("not_in_channel", SurfaceOutcome.PlaceGone, SurfaceOutcome.PlaceGone)]
    [InlineData("edit_window_closed", SurfaceOutcome.Fixed, SurfaceOutcome.Fixed)]
    [InlineData("cant_update_message", SurfaceOutcome.Fixed, SurfaceOutcome.Fixed)]
    [InlineData("user_not_in_channel", SurfaceOutcome.Gone, SurfaceOutcome.Gone)]
    [InlineData("message_not_found", SurfaceOutcome.Gone, SurfaceOutcome.Gone)]
    [InlineData("restricted_action_thread_locked", SurfaceOutcome.PlaceGone, SurfaceOutcome.PlaceGone)]
    [InlineData("invalid_blocks", SurfaceOutcome.Rejected, SurfaceOutcome.Rejected)]
    [InlineData("msg_too_long", SurfaceOutcome.Rejected, SurfaceOutcome.Rejected)]
    [InlineData("unknown_method", SurfaceOutcome.Rejected, SurfaceOutcome.Rejected)]
    [InlineData("an_error_nobody_knows", SurfaceOutcome.Rejected, SurfaceOutcome.Rejected)]
    public async Task Slacks_errors_are_sorted_by_what_to_do_next(string error, SurfaceOutcome post, SurfaceOutcome edit)
    {
        var answer = $$"""{"ok":false,"error":"{{error}}","response_metadata":{"messages":["[ERROR] detail"]} }""";
        _kit.Slack.Answer("chat.postMessage", answer).Answer("chat.update", answer);
        (await PostFails()).Outcome.ShouldBe(post);
        var failure = await EditFails();
        failure.Outcome.ShouldBe(edit);
        failure.Message.ShouldContain(error);
        failure.Message.ShouldContain("[ERROR] detail");
    }

    [Theory]
    [InlineData(429, SurfaceOutcome.Retry, SurfaceOutcome.Retry)]
    [InlineData(500, SurfaceOutcome.Unknown, SurfaceOutcome.Retry)]
    [InlineData(503, SurfaceOutcome.Unknown, SurfaceOutcome.Retry)]
    [InlineData(404, SurfaceOutcome.Retry, SurfaceOutcome.Retry)]
    [InlineData(413, SurfaceOutcome.Rejected, SurfaceOutcome.Rejected)]
    public async Task Http_errors_are_sorted_too(int status, SurfaceOutcome post, SurfaceOutcome edit)
    {
        _kit.Slack.Answer("chat.postMessage", "no json", (HttpStatusCode)status, retryAfter: 30).Answer("chat.update", "no json", (HttpStatusCode)status);
        var failure = await PostFails();
        failure.Outcome.ShouldBe(post);
        if (post != SurfaceOutcome.Rejected) failure.RetryAfter.ShouldBe(TimeSpan.FromSeconds(30));
        (await EditFails()).Outcome.ShouldBe(edit);
    }

    [Fact]
    public async Task A_post_that_got_no_answer_may_have_happened_and_an_edit_may_be_repeated()
    {
        Exception[] failures = [new HttpRequestException("reset"), new TaskCanceledException("timeout", new TimeoutException()), new IOException("closed")];
        foreach (var failure in failures)
        {
            _kit.Slack.Fail("chat.postMessage", failure).Fail("chat.update", failure);
            (await PostFails()).Outcome.ShouldBe(SurfaceOutcome.Unknown);
            (await EditFails()).Outcome.ShouldBe(SurfaceOutcome.Retry);
        }

        _kit.Slack.Answer("chat.postMessage", "<html>login</html>");
        (await PostFails()).Outcome.ShouldBe(SurfaceOutcome.Unknown);
    }

    [Fact]
    public async Task No_failure_shows_the_token()
    {
        _kit.Slack.Fail("chat.postMessage", new HttpRequestException("reset"));
        (await PostFails()).ToString().ShouldNotContain("xoxb");
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled()
    {
        _kit.Slack.Fail("chat.postMessage", new OperationCanceledException());
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => _kit.Surface.Post(Thread, Message, cancelled.Token));
    }

    private Task<SurfaceException> PostFails() => Should.ThrowAsync<SurfaceException>(() => _kit.Surface.Post(Thread, Message, None));

    private Task<SurfaceException> EditFails() => Should.ThrowAsync<SurfaceException>(() => _kit.Surface.Edit(Thread, "C1/1.0", Message, None));
}
