using Bots.Engine;
using Bots.Engine.Intake;
using Bots.Engine.Surfaces;

namespace Bots.Tests.Slack;

public sealed class SlackReaderTests
{
    private const string Ana = """{"id":"UANA","team_id":"T1","name":"ana","real_name":"Ana Lima","profile":{"display_name":"Ana","email":"ana@acme.example"}}""";
    private const string Ben = """{"id":"UBEN","team_id":"T1","name":"ben","profile":{"display_name":"","real_name":"Ben Ode"}}""";
    private const string Guest = """{"id":"UGUEST","team_id":"T1","is_restricted":true,"profile":{"display_name":"Gus"}}""";

    private readonly SlackKit _kit = new();

    public SlackReaderTests() => _kit.Slack.Users(Ana, Ben, Guest);

    [Theory]
    [InlineData("app_mention")]
    [InlineData("message")]
    public async Task A_mention_is_a_prompt_whichever_event_tells_of_it(string type)
    {
        var prompt = (await Read(Payloads.Message("<@UBOT> fix the &lt;build&gt;", type: type))).ShouldBeOfType<Inbound.PromptRequest>();
        prompt.ShouldSatisfyAllConditions(
            p => p.Conversation.ShouldBe(new ConversationKey("slack", "T1/C1/1700000000.000100")),
            p => p.Author.ShouldBe(new Person("slack", "UANA", "Ana", "ana@acme.example")),
            p => p.Text.ShouldBe("fix the <build>"),
            p => p.Message.ShouldBe("1700000000.000100"),
            p => p.Channel.ShouldBe("C1"),
            p => p.ChannelName.ShouldBe("backend"),
            p => p.MayStart.ShouldBeTrue(),
            p => p.Material.ShouldBeEmpty());
    }

    [Theory]
    [InlineData("UANA", ",\"channel_id\":\"C1\"", "C1")]
    [InlineData("UGUEST", ",\"channel_id\":\"C1\"", null)]
    [InlineData("UANA", "", null)]
    public async Task Who_opens_the_assistant_beside_a_channel_is_about_to_ask(string user, string context, string? channel)
    {
        var read = await Read($$$"""
            {"type":"assistant_thread_started","assistant_thread":{"user_id":"{{{user}}}","context":{"team_id":"T1"{{{context}}}},"channel_id":"D1","thread_ts":"1700000000.000100"},"event_ts":"1700000000.000200"}
            """);

        (read as Inbound.Typing)?.Channel.ShouldBe(channel);
        (read is Inbound.Typing).ShouldBe(channel is not null);
    }

    [Theory]
    [InlineData("<@UBOT> fix it", "app_mention", true)]
    [InlineData("<@UBOT> fix it", "message", true)]
    [InlineData("lunch?", "message", false)]
    public async Task Who_asked_in_vain_is_waiting_and_who_said_something_else_is_not(string text, string type, bool isWaiting)
    {
        await Read(Payloads.Message("<@UBOT> hello"));
        var delivery = new Delivery { Surface = "slack", Id = "Ev2", Kind = "event_callback", Body = Payloads.Bytes(Payloads.Event("Ev2", Payloads.Message(text, type: type))), ReceivedAt = SlackKit.Start };

        _kit.Reader.Awaited(delivery).ShouldBe(isWaiting ? new ConversationKey("slack", "T1/C1/1700000000.000100") : null);
    }

    [Fact]
    public void What_is_said_in_a_thread_keeps_its_order_and_clicks_may_overtake()
    {
        _kit.Reader.Place(Of("event_callback", Payloads.Event("Ev1", Payloads.Message("and the tests", ts: "1700000005.1", thread: "1700000000.000100")))).ShouldBe(new ConversationKey("slack", "T1/C1/1700000000.000100"));
        _kit.Reader.Place(Of("event_callback", "no JSON")).ShouldBeNull();
        _kit.Reader.Place(Of("block_actions", Payloads.Form(Payloads.Click("approve_once", "abc")))).ShouldBeNull();

        static Delivery Of(string kind, string body) => new() { Surface = "slack", Id = "a", Kind = kind, Body = Payloads.Bytes(body), ReceivedAt = SlackKit.Start };
    }

    [Theory]
    [InlineData("lunch?", null, true, null)]
    [InlineData("<@UBOT> fix it", null, false, null)]
    [InlineData("and the tests", "1700000000.000100", false, "T1/C1/1700000000.000100")]
    [InlineData("<@UBOT> and the tests", "1700000000.000100", false, null)]
    public async Task Talk_is_passed_over_as_it_arrives_and_a_reply_can_only_continue(string text, string? thread, bool isNothing, string? continues)
    {
        var message = Arrived(Payloads.Event("Ev2", Payloads.Message(text, ts: "1700000005.1", thread: thread)));
        _kit.Reader.PassOver(message).ShouldBeNull("nobody knows yet who the bot is");
        await Read(Payloads.Message("<@UBOT> hello"));

        (_kit.Reader.PassOver(message) is not null).ShouldBe(isNothing);
        _kit.Reader.Continues(message)?.Key.ShouldBe(continues);
        (_kit.Reader.Continues(message) is null).ShouldBe(continues is null);
    }

    [Fact]
    public async Task What_cannot_be_read_and_what_is_clicked_is_not_passed_over_as_it_arrives()
    {
        await Read(Payloads.Message("<@UBOT> hello"));

        _kit.Reader.PassOver(Arrived("no JSON")).ShouldBeNull();
        _kit.Reader.PassOver(Arrived(Payloads.Form(Payloads.Click("approve_once", "abc"))) with { Kind = "block_actions" }).ShouldBeNull();
    }

    private static Delivery Arrived(string body) => new() { Surface = "slack", Id = "a", Kind = "event_callback", Body = Payloads.Bytes(body), ReceivedAt = SlackKit.Start };

    [Fact]
    public void Who_clicked_in_vain_is_waiting_in_the_thread()
    {
        var delivery = new Delivery { Surface = "slack", Id = "a", Kind = "block_actions", Body = Payloads.Bytes(Payloads.Form(Payloads.Click("approve_once", "abc"))), ReceivedAt = SlackKit.Start };

        _kit.Reader.Awaited(delivery)!.Key.ShouldBe("T1/C1/1700000000.000100");
    }

    [Fact]
    public async Task A_direct_message_needs_no_mention()
    {
        var prompt = (await Read(Payloads.Message("hello", channel: "D1", more: ",\"channel_type\":\"im\""))).ShouldBeOfType<Inbound.PromptRequest>();
        prompt.MayStart.ShouldBeTrue();
        prompt.Conversation.Key.ShouldBe("T1/D1/1700000000.000100");
    }

    [Fact]
    public async Task A_reply_without_mention_only_continues()
    {
        var prompt = (await Read(Payloads.Message("and the tests", ts: "1700000005.1", thread: "1700000000.000100"))).ShouldBeOfType<Inbound.PromptRequest>();
        prompt.MayStart.ShouldBeFalse();
        prompt.Conversation.Key.ShouldBe("T1/C1/1700000000.000100");
        prompt.Message.ShouldBe("1700000005.1");
        _kit.Slack.Calls.ShouldNotContain(c => c.Method == "conversations.replies");
    }

    [Theory]
    [InlineData("""{"type":"message","user":"UANA","text":"lunch?","ts":"1.1","channel":"C1"}""")]
    [InlineData("""{"type":"message","user":"UANA","text":"a root","ts":"1.1","thread_ts":"1.1","channel":"C1"}""")]
    [InlineData("""{"type":"message","user":"UBOT","text":"<@UBOT> me","ts":"1.1","channel":"C1"}""")]
    [InlineData("""{"type":"app_mention","user":"UANA","bot_id":"B9","text":"<@UBOT> alert","ts":"1.1","channel":"C1"}""")]
    [InlineData("""{"type":"message","subtype":"bot_message","bot_id":"B9","text":"<@UBOT> alert","ts":"1.1","channel":"C1"}""")]
    [InlineData("""{"type":"message","subtype":"message_changed","hidden":true,"ts":"1.2","channel":"C1","message":{"user":"UANA","text":"<@UBOT> edited","ts":"1.1"}}""")]
    [InlineData("""{"type":"message","subtype":"message_deleted","ts":"1.2","channel":"C1","previous_message":{"user":"UANA","text":"<@UBOT> gone"}}""")]
    [InlineData("""{"type":"message","subtype":"channel_join","user":"UANA","text":"<@UBOT> has joined","ts":"1.1","channel":"C1"}""")]
    [InlineData("""{"type":"reaction_added","user":"UANA","item":{"type":"message"}}""")]
    [InlineData("""{"type":"channel_created","channel":{"id":"C1"}}""")]
    [InlineData("""{"type":"message","user":"UGUEST","text":"chatter","ts":"1.2","thread_ts":"1.1","channel":"C1"}""")]
    public async Task What_does_not_ask_for_anything_is_ignored(string inner) => (await Read(inner)).ShouldBeOfType<Inbound.Ignored>();

    [Fact]
    public async Task A_mention_in_a_thread_brings_what_others_wrote_before()
    {
        _kit.Slack.Answer("conversations.replies", call => call.Query.ContainsKey("cursor")
            ? """{"ok":true,"messages":[{"user":"UBOT","bot_id":"BBOT","text":"mine","ts":"1700000003.0"},{"user":"UANA","text":"<@UBOT> take over","ts":"1700000009.0"},{"user":"UBEN","text":"later","ts":"1700000010.0"}],"response_metadata":{"next_cursor":""}}"""
            : """{"ok":true,"has_more":true,"messages":[{"user":"UBEN","text":"a &amp; b fail","ts":"1700000000.0"},{"subtype":"bot_message","bot_id":"B9","username":"CI","text":"red","ts":"1700000001.0"},{"subtype":"channel_join","user":"UBEN","text":"joined","ts":"1700000002.0"}],"response_metadata":{"next_cursor":"p2"}}""");
        var prompt = (await Read(Payloads.Message("<@UBOT> take over", ts: "1700000009.0", thread: "1700000000.0"))).ShouldBeOfType<Inbound.PromptRequest>();
        prompt.Conversation.Key.ShouldBe("T1/C1/1700000000.0");
        prompt.Material.ShouldBe([new Material("Ben Ode", "earlier message in the thread", "a & b fail"), new Material("CI", "earlier message in the thread", "red")]);
    }

    /// <summary>Slack lets us look up few people at once, and whoever mentions the bot meanwhile waits.</summary>
    [Fact]
    public async Task Of_a_crowd_in_a_thread_only_those_who_spoke_last_are_looked_up()
    {
        var crowd = Enumerable.Range(10, 30).Select(n => $$"""{"user":"U{{n}}","text":"word {{n}}","ts":"17000000{{n}}.0"}""");
        _kit.Slack.Answer("conversations.replies", $$"""{"ok":true,"messages":[{{string.Join(',', crowd)}}]}""");
        _kit.Slack.Users([.. Enumerable.Range(10, 30).Select(n => $$"""{"id":"U{{n}}","name":"n{{n}}","real_name":"Name {{n}}"}"""), """{"id":"UANA","name":"ana","real_name":"Ana Ito"}"""]);

        var material = (await Read(Payloads.Message("<@UBOT> take over", ts: "1700000099.0", thread: "1700000010.0"))).ShouldBeOfType<Inbound.PromptRequest>().Material;

        material.Select(m => m.Author).ShouldBe([.. Enumerable.Repeat("somebody else", 20), .. Enumerable.Range(30, 10).Select(n => $"Name {n}")]);
        _kit.Slack.Calls.Count(c => c.Method == "users.info").ShouldBe(10 + 1);
    }

    [Fact]
    public async Task A_thread_that_cannot_be_read_does_not_stop_the_prompt()
    {
        _kit.Slack.Answer("conversations.replies", """{"ok":false,"error":"missing_scope"}""");
        (await Read(Payloads.Message("<@UBOT> go", ts: "2.0", thread: "1.0"))).ShouldBeOfType<Inbound.PromptRequest>().Material.ShouldBeEmpty();
    }

    [Fact]
    public async Task Attached_files_are_named()
    {
        var prompt = (await Read(Payloads.Message("<@UBOT> read this", more: ",\"subtype\":\"file_share\",\"files\":[{\"id\":\"F1\",\"name\":\"trace.log\",\"mimetype\":\"text/plain\"}]"))).ShouldBeOfType<Inbound.PromptRequest>();
        prompt.Material.ShouldHaveSingleItem().Text.ShouldBe("trace.log (text/plain)");
    }

    [Fact]
    public async Task A_mention_without_words_gets_a_hint() =>
        (await Read(Payloads.Message("<@UBOT>"))).ShouldBeOfType<Inbound.Reply>().Private!.Id.ShouldBe("UANA");

    [Theory]
    [InlineData("""{"id":"UX","team_id":"T1","is_restricted":true}""")]
    [InlineData("""{"id":"UX","team_id":"T1","is_restricted":true,"is_ultra_restricted":true}""")]
    [InlineData("""{"id":"UX","team_id":"T2","is_stranger":true}""")]
    [InlineData("""{"id":"UX","team_id":"T2"}""")]
    [InlineData("""{"id":"UX","team_id":"T1","deleted":true}""")]
    [InlineData("""{"id":"UX","team_id":"T1","is_bot":true}""")]
    [InlineData("""{"id":"somebody else"}""")]
    public async Task Who_is_no_full_member_is_told_so_privately(string user)
    {
        _kit.Slack.Users(user);
        var reply = (await Read(Payloads.Message("<@UBOT> hi", user: "UX"))).ShouldBeOfType<Inbound.Reply>();
        reply.Private!.Id.ShouldBe("UX");
        reply.Conversation.Key.ShouldBe("T1/C1/1700000000.000100");
    }

    [Fact]
    public async Task Another_workspace_may_ask_only_if_it_is_allowed()
    {
        const string stranger = """{"id":"UX","team_id":"T2","profile":{"display_name":"Xu"}}""";
        var body = Payloads.Bytes(Payloads.Event("Ev1", Payloads.Message("<@UBOT> hi", user: "UX"), team: "T2"));
        _kit.Slack.Users(stranger);
        (await _kit.Read("event_callback", body)).ShouldBeOfType<Inbound.Reply>();
        var open = new SlackKit(("Slack:AllowedTeams:0", "T2"));
        open.Slack.Users(stranger);
        (await open.Read("event_callback", body)).ShouldBeOfType<Inbound.PromptRequest>().Conversation.Key.ShouldStartWith("T2/");
    }

    [Theory]
    [InlineData("C1", true)]
    [InlineData("Backend", true)]
    [InlineData("C2", false)]
    public async Task Channels_may_be_limited_by_id_or_name(string allowed, bool may)
    {
        var kit = new SlackKit(("Slack:AllowedChannels:0", allowed));
        kit.Slack.Users(Ana);
        var inbound = await kit.Read("event_callback", Payloads.Bytes(Payloads.Event("Ev1", Payloads.Message("<@UBOT> hi"))));
        (inbound is Inbound.PromptRequest).ShouldBe(may);
        (inbound is Inbound.Reply).ShouldBe(!may);
    }

    [Fact]
    public async Task Names_are_looked_up_once_for_a_while()
    {
        await Read(Payloads.Message("<@UBOT> one"));
        await Read(Payloads.Message("<@UBOT> two, with <@UANA>"));
        _kit.Slack.Only("users.info");
        _kit.Slack.Only("auth.test");
        _kit.Time.Now += TimeSpan.FromMinutes(11);
        await Read(Payloads.Message("<@UBOT> three"));
        _kit.Slack.Calls.Count(c => c.Method == "users.info").ShouldBe(2);
    }

    [Fact]
    public async Task A_rate_limit_is_thrown_so_that_it_is_tried_again()
    {
        _kit.Slack.Answer("users.info", "", System.Net.HttpStatusCode.TooManyRequests, retryAfter: 7);
        var limited = await Should.ThrowAsync<SurfaceException>(() => Read(Payloads.Message("<@UBOT> hi")));
        limited.RetryAfter.ShouldBe(TimeSpan.FromSeconds(7));
    }

    [Theory]
    [InlineData("event_callback", "[]")]
    [InlineData("event_callback", """{"team_id":7}""")]
    [InlineData("block_actions", "payload=%7B")]
    [InlineData("block_actions", "nothing")]
    [InlineData("view_submission", "payload=%7B%7D")]
    [InlineData("telepathy", "")]
    public async Task What_cannot_be_read_is_never_tried_again(string kind, string body) =>
        (await _kit.Read(kind, Payloads.Bytes(body))).ShouldBeOfType<Inbound.Ignored>();

    private Task<Inbound> Read(string inner) => _kit.Read("event_callback", Payloads.Bytes(Payloads.Event("Ev1", inner)));
}
