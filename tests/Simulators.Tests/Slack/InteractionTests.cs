using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Bots.Simulators.Slack;

namespace Bots.Simulators.Tests.Slack;

public sealed class InteractionTests : SlackFixture
{
    private static object Modal(string title = "Why?") => new
    {
        type = "modal",
        callback_id = "deny",
        title = new { type = "plain_text", text = title },
        submit = new { type = "plain_text", text = "Deny" },
        blocks = new object[]
        {
            new { type = "input", block_id = "reason", label = new { type = "plain_text", text = "Reason" }, element = new { type = "plain_text_input", action_id = "text", max_length = 20 } },
        },
    };

    [Fact]
    public async Task A_click_tells_everything_about_where_it_was()
    {
        var thread = await Slack.Say(Alice, General, "start");
        await App.Count(1);
        var ts = await Post("Allow?", thread, Buttons());
        var click = await Slack.Click(Bob, General, ts, "approve");
        click.Status.ShouldBe(200);
        var payload = App.All[^1].Payload;
        payload.GetProperty("type").GetString().ShouldBe("block_actions");
        payload.GetProperty("user").GetProperty("id").GetString().ShouldBe(Bob);
        payload.GetProperty("container").GetProperty("message_ts").GetString().ShouldBe(ts);
        payload.GetProperty("container").GetProperty("thread_ts").GetString().ShouldBe(thread);
        payload.GetProperty("message").GetProperty("blocks")[0].GetProperty("block_id").GetString().ShouldBe("b1");
        var action = payload.GetProperty("actions")[0];
        (action.GetProperty("action_id").GetString(), action.GetProperty("value").GetString(), action.GetProperty("block_id").GetString()).ShouldBe(("approve", "p1", "b1"));
        App.All[^1].Headers["X-Slack-Signature"].ShouldBe(SlackSignature.Sign(Slack.Options.SigningSecret, App.All[^1].Headers["X-Slack-Request-Timestamp"], App.All[^1].Body));
    }

    [Fact]
    public async Task A_link_button_is_a_click_too()
    {
        var ts = await Post("Link", blocks: Buttons());
        await Slack.Click(Alice, General, ts, "open");
        App.All.Single().Payload.GetProperty("actions")[0].GetProperty("url").GetString().ShouldBe("https://example.com/");
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_clicked()
    {
        var ts = await Post("Allow?", blocks: Buttons());
        (await Should.ThrowAsync<SlackDrivingException>(() => Slack.Click(Alice, General, ts, "explode"))).Message.ShouldContain("approve=p1");
        await Should.ThrowAsync<SlackDrivingException>(() => Slack.Click(Alice, General, ts, "approve", "p2"));
        await Call("chat.update", new { channel = General, ts, text = "Denied", blocks = Array.Empty<object>() });
        await Should.ThrowAsync<SlackDrivingException>(() => Slack.Click(Alice, General, ts, "approve"));
        App.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_choice_stays_until_the_next_one()
    {
        var ts = await Post("Which?", blocks: Buttons());
        await Slack.Select(Alice, General, ts, "repo", "two");
        App.All[0].Payload.GetProperty("actions")[0].GetProperty("selected_option").GetProperty("value").GetString().ShouldBe("two");
        await Slack.Click(Alice, General, ts, "approve");
        var state = App.All[1].Payload.GetProperty("state").GetProperty("values").GetProperty("b1").GetProperty("repo");
        state.GetProperty("selected_option").GetProperty("value").GetString().ShouldBe("two");
        await Should.ThrowAsync<SlackDrivingException>(() => Slack.Select(Alice, General, ts, "repo", "three"));
    }

    [Fact]
    public async Task A_trigger_opens_one_view_within_three_seconds()
    {
        var ts = await Post("Allow?", blocks: Buttons());
        var click = await Slack.Click(Alice, General, ts, "deny");
        Error(await Call("views.open", new { trigger_id = "nonsense", view = Modal() })).ShouldBe("invalid_trigger_id");
        Error(await Call("views.open", new { trigger_id = click.TriggerId, view = Modal(new string('x', 25)) })).ShouldBe("invalid_arguments");
        Error(await Call("views.open", new { trigger_id = click.TriggerId, view = Modal() })).ShouldBe("ok");
        Error(await Call("views.open", new { trigger_id = click.TriggerId, view = Modal() })).ShouldBe("exchanged_trigger_id");
        var late = await Slack.Click(Alice, General, ts, "deny");
        Time.Pass(TimeSpan.FromSeconds(3.1));
        Error(await Call("views.open", new { trigger_id = late.TriggerId, view = Modal() })).ShouldBe("expired_trigger_id");
        Slack.OpenViews.Single().ShouldSatisfyAllConditions(v => v.User.ShouldBe(Alice), v => v.Title.ShouldBe("Why?"));
    }

    [Fact]
    public async Task A_submission_does_what_the_app_answers()
    {
        var view = await OpenModal();
        await Should.ThrowAsync<SlackDrivingException>(() => Slack.SubmitView(Alice, view, new Dictionary<string, string>()));
        await Should.ThrowAsync<SlackDrivingException>(() => Slack.SubmitView(Bob, view, new Dictionary<string, string> { ["text"] = "x" }));
        await Should.ThrowAsync<SlackDrivingException>(() => Slack.SubmitView(Alice, view, new Dictionary<string, string> { ["text"] = new string('x', 21) }));

        var errors = await Submit(view, """{"response_action":"errors","errors":{"reason":"Too short."}}""");
        (errors.Outcome, errors.Errors["reason"]).ShouldBe((SlackSubmitOutcome.Errors, "Too short."));
        (await Submit(view, """{"response_action":"errors","errors":{"nothing":"?"}}""")).Outcome.ShouldBe(SlackSubmitOutcome.Failed);
        (await Submit(view, "<html>")).Outcome.ShouldBe(SlackSubmitOutcome.Failed);
        Slack.OpenViews.Count.ShouldBe(1);
        (await Submit(view, "")).Outcome.ShouldBe(SlackSubmitOutcome.Closed);
        Slack.OpenViews.ShouldBeEmpty();
        var payload = App.All[^1].Payload;
        payload.GetProperty("view").GetProperty("callback_id").GetString().ShouldBe("deny");
        payload.GetProperty("view").GetProperty("state").GetProperty("values").GetProperty("reason").GetProperty("text").GetProperty("value").GetString().ShouldBe("because");
    }

    [Fact]
    public async Task A_view_can_be_updated_by_whoever_knows_its_hash()
    {
        var id = await OpenModal();
        var hash = Slack.OpenViews[0].Hash;
        Error(await Call("views.update", new { view_id = id, hash = "old", view = Modal("New") })).ShouldBe("hash_conflict");
        Error(await Call("views.update", new { view_id = id, hash, view = Modal("New") })).ShouldBe("ok");
        Slack.OpenViews[0].Title.ShouldBe("New");
        await Slack.CloseView(Alice, id);
        Error(await Call("views.update", new { view_id = id, view = Modal("New") })).ShouldBe("not_found");
    }

    [Fact]
    public async Task A_response_url_is_good_for_five_answers_and_half_an_hour()
    {
        using var http = new HttpClient();
        var ts = await Post("Allow?", blocks: Buttons());
        var click = await Slack.Click(Alice, General, ts, "approve");
        async Task<int> Answer(object body)
        {
            using var content = JsonContent.Create(body);
            using var response = await http.PostAsync(click.ResponseUrl, content);
            return (int)response.StatusCode;
        }

        (await Answer(new { text = "only you" })).ShouldBe(200);
        Slack.Ephemerals.Single().ShouldSatisfyAllConditions(e => e.User.ShouldBe(Alice), e => e.Text.ShouldBe("only you"));
        (await Answer(new { replace_original = true, text = "Allowed" })).ShouldBe(200);
        Slack.Message(General, ts)!.ShouldSatisfyAllConditions(m => m.Text.ShouldBe("Allowed"), m => m.Blocks.ShouldBeNull());
        (await Answer(new { text = "" })).ShouldBe(400);
        (await Answer(new { response_type = "in_channel", thread_ts = ts, text = "for all" })).ShouldBe(200);
        Slack.Thread(General, ts)[^1].Text.ShouldBe("for all");
        (await Answer(new { delete_original = true })).ShouldBe(200);
        Slack.Message(General, ts)!.IsDeleted.ShouldBeTrue();
        (await Answer(new { text = "x" })).ShouldBe(404);

        var second = await Post("Again?", blocks: Buttons());
        click = await Slack.Click(Alice, General, second, "approve");
        Time.Pass(TimeSpan.FromMinutes(31));
        (await Answer(new { text = "x" })).ShouldBe(404);
    }

    [Fact]
    public async Task Buttons_of_an_ephemeral_message_are_its_readers_alone()
    {
        await Call("chat.postEphemeral", new JsonObject { ["channel"] = General, ["user"] = Alice, ["text"] = "Pick", ["blocks"] = Buttons() });
        var ts = Slack.Ephemerals.Single().Ts;
        await Should.ThrowAsync<SlackDrivingException>(() => Slack.Click(Bob, General, ts, "approve"));
        await Slack.Click(Alice, General, ts, "approve");
        App.All.Single().Payload.GetProperty("container").GetProperty("is_ephemeral").GetBoolean().ShouldBeTrue();
        App.All.Single().Payload.TryGetProperty("message", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_command_is_a_signed_form()
    {
        var sent = await Slack.Command(Alice, General, "/bots", "status & more");
        sent.Status.ShouldBe(200);
        App.All.Single().Body.ShouldContain("command=%2Fbots&text=status%20%26%20more");
    }

    private async Task<string> OpenModal()
    {
        var ts = await Post("Allow?", blocks: Buttons());
        var click = await Slack.Click(Alice, General, ts, "deny");
        var opened = await Call("views.open", new { trigger_id = click.TriggerId, view = Modal() });
        return opened.GetProperty("view").GetProperty("id").GetString()!;
    }

    private Task<SlackSubmission> Submit(string view, string answer)
    {
        App.Answer = (_, _, context) => context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer)).AsTask();
        return Slack.SubmitView(Alice, view, new Dictionary<string, string> { ["text"] = "because" });
    }
}
