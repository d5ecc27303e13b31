using System.Text.Json;
using Bots.Simulators.Slack;

namespace Bots.Simulators.Tests.Slack;

public sealed class MessageTests : SlackFixture
{
    [Fact]
    public async Task The_token_is_checked_before_anything_else()
    {
        Error(await Call("auth.test", new { }, token: null)).ShouldBe("not_authed");
        Error(await Call("auth.test", new { }, token: "xoxb-wrong")).ShouldBe("invalid_auth");
        Error(await Call("chat.dance", new { })).ShouldBe("unknown_method");
        (await Call("auth.test", new { })).GetProperty("user_id").GetString().ShouldBe(Slack.Options.BotUserId);
    }

    [Theory]
    [InlineData("C0NOWHERE0", "channel_not_found")]
    [InlineData(Secret, "channel_not_found")]
    [InlineData(Elsewhere, "not_in_channel")]
    [InlineData(Archive, "is_archived")]
    [InlineData("#general", "ok")]
    [InlineData(Alice, "ok")]
    public async Task A_post_needs_a_channel_the_app_is_in(string channel, string expected) =>
        Error(await Call("chat.postMessage", new { channel, text = "hello" })).ShouldBe(expected);

    [Fact]
    public async Task A_post_needs_content()
    {
        Error(await Call("chat.postMessage", new { channel = General })).ShouldBe("no_text");
        Error(await Call("chat.postMessage", new { channel = General, blocks = Array.Empty<object>() })).ShouldBe("no_text");
        Error(await Call("chat.postMessage", new { text = "hello" })).ShouldBe("invalid_arguments");
        Error(await Call("chat.postMessage", new { channel = General, text = "a", markdown_text = "b" })).ShouldBe("markdown_text_conflict");
        Error(await Call("chat.postMessage", new { channel = General, markdown_text = new string('x', 12_001) })).ShouldBe("msg_too_long");
        Error(await Form("chat.postMessage", ("channel", General), ("blocks", "[{"))).ShouldBe("invalid_blocks_format");
    }

    [Fact]
    public async Task A_long_text_is_cut_when_posted_and_refused_when_edited()
    {
        var ts = await Post(new string('x', 40_001));
        Slack.Message(General, ts)!.Text.Length.ShouldBe(40_000);
        Error(await Call("chat.update", new { channel = General, ts, text = new string('x', 4_001) })).ShouldBe("msg_too_long");
    }

    [Fact]
    public async Task Metadata_is_kept_and_comes_back_only_when_asked_for()
    {
        var parent = await Slack.Say(Alice, General, "hello");
        var answer = await Form("chat.postMessage", ("channel", General), ("thread_ts", parent), ("text", "hi"), ("metadata", """{"event_type":"bots_message","event_payload":{"key":"k1"}}"""));
        var ts = answer.GetProperty("ts").GetString();
        var replies = await Form("conversations.replies", ("channel", General), ("ts", parent), ("include_all_metadata", "true"));
        var reply = replies.GetProperty("messages")[1];
        reply.GetProperty("ts").GetString().ShouldBe(ts);
        reply.GetProperty("metadata").GetProperty("event_payload").GetProperty("key").GetString().ShouldBe("k1");
        replies = await Form("conversations.replies", ("channel", General), ("ts", parent));
        replies.GetProperty("messages")[1].TryGetProperty("metadata", out _).ShouldBeFalse();
        replies.GetProperty("messages")[0].GetProperty("reply_count").GetInt32().ShouldBe(1);

        Error(await Call("chat.postMessage", new { channel = General, text = "x", metadata = new { event_type = "x" } })).ShouldBe("invalid_metadata_schema");
        Error(await Form("chat.postMessage", ("channel", General), ("text", "x"), ("metadata", "nope"))).ShouldBe("invalid_metadata_format");
        Error(await Call("chat.postMessage", new { channel = General, text = "x", metadata = new { event_type = "x", event_payload = new { big = new string('x', 9000) } } })).ShouldBe("metadata_too_large");
    }

    [Fact]
    public async Task An_edit_keeps_what_it_does_not_name()
    {
        var ts = await Post("first", blocks: Buttons());
        Time.Pass(TimeSpan.FromSeconds(5));
        Error(await Call("chat.update", new { channel = General, ts, text = "second" })).ShouldBe("ok");
        var message = Slack.Message(General, ts)!;
        (message.Text, message.Edits, message.Blocks.HasValue).ShouldBe(("second", 1, true));
        (message.Revisions[1].At - message.Revisions[0].At).ShouldBe(TimeSpan.FromSeconds(5));
        await Call("chat.update", new { channel = General, ts, text = "third", blocks = Array.Empty<object>() });
        Slack.Message(General, ts)!.Blocks.ShouldBeNull();
    }

    [Fact]
    public async Task Only_the_apps_own_messages_can_be_changed()
    {
        var ts = await Slack.Say(Alice, General, "mine");
        Error(await Call("chat.update", new { channel = General, ts, text = "yours" })).ShouldBe("cant_update_message");
        Error(await Call("chat.delete", new { channel = General, ts })).ShouldBe("cant_delete_message");
        Error(await Call("chat.update", new { channel = General, ts = "1.000001", text = "x" })).ShouldBe("message_not_found");
        var own = await Post("own");
        Error(await Call("chat.delete", new { channel = General, ts = own })).ShouldBe("ok");
        Error(await Call("chat.update", new { channel = General, ts = own, text = "x" })).ShouldBe("message_not_found");
    }

    [Fact]
    public async Task A_reply_needs_a_parent()
    {
        var parent = await Post("parent");
        var reply = await Post("reply", parent);
        Error(await Call("chat.postMessage", new { channel = General, text = "x", thread_ts = reply })).ShouldBe("cannot_reply_to_message");
        Error(await Call("chat.postMessage", new { channel = General, text = "x", thread_ts = "1700000000.000001" })).ShouldBe("thread_not_found");
        Error(await Call("chat.postMessage", new { channel = General, text = "x", thread_ts = 1700000000.1 })).ShouldBe("invalid_thread_ts");
        Slack.Thread(General, parent).Select(m => m.Text).ShouldBe(["parent", "reply"]);
        var link = (await Form("chat.getPermalink", ("channel", General), ("message_ts", reply))).GetProperty("permalink").GetString()!;
        link.ShouldBe($"https://playground.slack.com/archives/{General}/p{reply.Replace(".", "")}?thread_ts={parent}&cid={General}");
    }

    [Fact]
    public async Task Reactions_are_counted_once_a_user()
    {
        var ts = await Slack.Say(Alice, General, "hello");
        Error(await Call("reactions.add", new { channel = General, timestamp = ts, name = "eyes" })).ShouldBe("ok");
        Error(await Call("reactions.add", new { channel = General, timestamp = ts, name = "eyes" })).ShouldBe("already_reacted");
        Error(await Call("reactions.add", new { channel = General, timestamp = ts, name = ":eyes:" })).ShouldBe("invalid_name");
        Error(await Call("reactions.add", new { channel = General, timestamp = ts, name = "no_such_emoji" })).ShouldBe("invalid_name");
        Error(await Call("reactions.add", new { channel = General, timestamp = "1.000001", name = "eyes" })).ShouldBe("message_not_found");
        Error(await Call("reactions.remove", new { channel = General, timestamp = ts, name = "eyes" })).ShouldBe("ok");
        Error(await Call("reactions.remove", new { channel = General, timestamp = ts, name = "eyes" })).ShouldBe("no_reaction");
    }

    [Fact]
    public async Task An_ephemeral_message_is_seen_by_a_member_of_the_channel()
    {
        Error(await Call("chat.postEphemeral", new { channel = General, user = "U0NOBODY00", text = "x" })).ShouldBe("user_not_found");
        Slack.Put(Slack.Channels.First(c => c.Id == General) with { Members = [Alice, Slack.Options.BotUserId] });
        Error(await Call("chat.postEphemeral", new { channel = General, user = Bob, text = "x" })).ShouldBe("user_not_in_channel");
        Error(await Call("chat.postEphemeral", new { channel = General, user = Alice, text = "psst" })).ShouldBe("ok");
        Slack.Ephemerals.Single().ShouldSatisfyAllConditions(e => e.User.ShouldBe(Alice), e => e.Text.ShouldBe("psst"));
        Slack.Messages(General).ShouldBeEmpty();
    }

    [Fact]
    public async Task History_is_newest_first_and_comes_in_pages()
    {
        var all = new List<string>();
        for (var i = 0; i < 5; i++)
            all.Add(await Post($"m{i}"));
        await Post("reply", all[0]);
        var first = await Call("conversations.history", new { channel = General, limit = 3 });
        Texts(first).ShouldBe(["m4", "m3", "m2"]);
        first.GetProperty("has_more").GetBoolean().ShouldBeTrue();
        var cursor = first.GetProperty("response_metadata").GetProperty("next_cursor").GetString();
        Texts(await Call("conversations.history", new { channel = General, limit = 3, cursor })).ShouldBe(["m1", "m0"]);
        Texts(await Call("conversations.history", new { channel = General, oldest = all[2], inclusive = true })).ShouldBe(["m4", "m3", "m2"]);
        Texts(await Call("conversations.history", new { channel = General, oldest = all[2] })).ShouldBe(["m4", "m3"]);
        Error(await Call("conversations.history", new { channel = General, cursor = "bogus" })).ShouldBe("invalid_cursor");
        Error(await Call("conversations.replies", new { channel = General, ts = all[0] })).ShouldBe("invalid_arguments");
    }

    [Fact]
    public async Task Channels_and_people_can_be_looked_up()
    {
        var opened = await Call("conversations.open", new { users = Alice });
        opened.GetProperty("channel").GetProperty("id").GetString().ShouldBe(Slack.DirectChannel(Alice));
        Error(await Call("conversations.open", new { users = "U0NOBODY00" })).ShouldBe("user_not_found");
        (await Form("conversations.info", ("channel", Elsewhere))).GetProperty("channel").GetProperty("is_member").GetBoolean().ShouldBeFalse();
        (await Form("conversations.members", ("channel", General))).GetProperty("members").GetArrayLength().ShouldBe(3);
        (await Form("conversations.list", ("exclude_archived", "true"))).GetProperty("channels").GetArrayLength().ShouldBe(2);
        (await Form("users.info", ("user", Alice))).GetProperty("user").GetProperty("profile").GetProperty("email").GetString().ShouldBe("alice@example.com");
        Error(await Form("users.info", ("user", "U0NOBODY00"))).ShouldBe("user_not_found");
    }

    [Fact]
    public async Task A_status_goes_when_the_app_posts_or_after_two_minutes()
    {
        var ts = await Slack.Say(Alice, General, "work");
        var args = new { channel_id = General, thread_ts = ts, status = "is thinking…" };
        Error(await Call("assistant.threads.setStatus", args)).ShouldBe("ok");
        Slack.ThreadStatus(General, ts).ShouldBe("is thinking…");
        await Post("done", ts);
        Slack.ThreadStatus(General, ts).ShouldBeNull();
        await Call("assistant.threads.setStatus", args);
        Time.Pass(TimeSpan.FromMinutes(2));
        Slack.ThreadStatus(General, ts).ShouldBeNull();
    }

    [Fact]
    public async Task Calls_are_logged_without_the_token()
    {
        await Form("chat.postMessage", ("channel", General), ("text", "x"), ("token", Slack.Options.BotToken), ("metadata", """{"event_type":"t","event_payload":{}}"""));
        var call = Slack.Calls.Single();
        call.Method.ShouldBe("chat.postMessage");
        call.Args.GetProperty("metadata").GetProperty("event_type").GetString().ShouldBe("t");
        call.Args.ToString().ShouldNotContain("xoxb");
        (call.Status, call.Error).ShouldBe((200, null));
    }

    private static IEnumerable<string?> Texts(JsonElement answer) => answer.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("text").GetString());
}

public sealed class NoAssistantTests : SlackFixture
{
    protected override SlackSimulatorOptions Adjust(SlackSimulatorOptions options) => options with { SupportsAssistant = false };

    [Fact]
    public async Task A_workspace_without_assistants_knows_no_status() =>
        Error(await Call("assistant.threads.setStatus", new { channel_id = General, thread_ts = "1.1", status = "x" })).ShouldBe("unknown_method");
}
