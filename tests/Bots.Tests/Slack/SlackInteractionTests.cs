using Bots.Engine;
using Bots.Engine.Intake;

namespace Bots.Tests.Slack;

public sealed class SlackInteractionTests
{
    private static readonly ConversationKey Thread = new("slack", "T1/C1/1700000000.000100");
    private static readonly Person Ana = new("slack", "UANA", "Ana");

    private readonly SlackKit _kit = new();

    public SlackInteractionTests() => _kit.Slack.Users(
        """{"id":"UANA","team_id":"T1","profile":{"display_name":"Ana"}}""",
        """{"id":"UGUEST","team_id":"T1","is_restricted":true,"profile":{"display_name":"Gus"}}""");

    [Theory]
    [InlineData("approve_once", PermissionDecision.AllowOnce)]
    [InlineData("approve_session", PermissionDecision.AllowSession)]
    [InlineData("deny", PermissionDecision.Deny)]
    public async Task A_button_answers_the_permission_it_stands_for(string action, PermissionDecision decision) =>
        (await Click(Payloads.Click(action, "a1b2c3"))).ShouldBe(new Inbound.PermissionAnswer { Conversation = Thread, By = Ana, Permission = new PermissionId("a1b2c3"), Decision = decision });

    [Fact]
    public async Task Stop_names_its_prompt() =>
        (await Click(Payloads.Click("stop", "prm_1"))).ShouldBe(new Inbound.StopRequest(Thread, new PromptId("prm_1"), Ana));

    [Fact]
    public async Task A_picked_repository_names_its_session() =>
        (await Click(Payloads.Click("pick_repository", "", blockId: "pick:ses_1", selected: "acme/shop")))
            .ShouldBe(new Inbound.RepositoryChoice(Thread, new SessionId("ses_1"), RepositoryName.Parse("acme/shop"), Ana));

    [Fact]
    public async Task A_click_on_a_threads_first_message_belongs_to_that_thread()
    {
        var click = Payloads.Click("stop", "p").Replace(",\"thread_ts\":\"1700000000.000100\"", "", StringComparison.Ordinal);
        (await Click(click)).ShouldBeOfType<Inbound.StopRequest>().Conversation.Key.ShouldBe("T1/C1/1700000001.000200");
    }

    [Theory]
    [InlineData("open_pull_request", "x", "b", null)]
    [InlineData("something_else", "x", "b", null)]
    [InlineData("approve_once", "", "b", null)]
    [InlineData("pick_repository", "", "b", "acme/shop")]
    [InlineData("pick_repository", "", "pick:", "acme/shop")]
    [InlineData("pick_repository", "", "pick:ses_1", "../etc")]
    public async Task Other_clicks_do_nothing(string action, string value, string block, string? selected) =>
        (await Click(Payloads.Click(action, value, blockId: block, selected: selected))).ShouldBeOfType<Inbound.Ignored>();

    [Fact]
    public async Task A_guests_click_changes_nothing()
    {
        (await Click(Payloads.Click("approve_once", "a1", user: "UGUEST"))).ShouldBeOfType<Inbound.Reply>().Private!.Id.ShouldBe("UGUEST");
        (await Submit(Payloads.Submission("no", user: "UGUEST"))).ShouldBeOfType<Inbound.Reply>();
        (await Click(Payloads.Click("approve_once", "a1", user: "UNOBODY"))).ShouldBeOfType<Inbound.Reply>();
        (await Click(Payloads.Click("approve_once", "a1", team: "T2"))).ShouldBeOfType<Inbound.Reply>();
    }

    [Fact]
    public async Task Deny_with_reason_opens_a_dialog_that_remembers_what_it_is_about()
    {
        _kit.Slack.Answer("views.open", """{"ok":true,"view":{"id":"V1"}}""");
        (await Click(Payloads.Click("deny_with_reason", "abc"))).ShouldBeOfType<Inbound.Ignored>();
        var call = _kit.Slack.Only("views.open");
        call.Text("trigger_id").ShouldBe("12.34.ab");
        var view = call.Body.GetProperty("view");
        BlockKit.ShouldBeValidModal(view);

        var answer = (await Submit(Payloads.Submission(" use staging ", view.GetProperty("private_metadata").GetString()!))).ShouldBeOfType<Inbound.PermissionAnswer>();
        answer.ShouldBe(new Inbound.PermissionAnswer { Conversation = Thread, By = Ana, Permission = new PermissionId("abc"), Decision = PermissionDecision.Deny, Reason = "use staging" });
    }

    [Theory]
    [InlineData("expired_trigger_id")]
    [InlineData("exchanged_trigger_id")]
    [InlineData("internal_error")]
    public async Task A_dialog_that_did_not_open_is_explained(string error)
    {
        _kit.Slack.Answer("views.open", $$"""{"ok":false,"error":"{{error}}"}""");
        var reply = (await Click(Payloads.Click("deny_with_reason", "abc"))).ShouldBeOfType<Inbound.Reply>();
        reply.Private.ShouldBe(Ana);
        reply.Text.ShouldContain("once more");
    }

    [Theory]
    [InlineData("no", "not json", "deny_with_reason")]
    [InlineData("no", "null", "deny_with_reason")]
    [InlineData("no", """{"permission":"a","conversation":"nowhere"}""", "deny_with_reason")]
    [InlineData("no", """{"permission":"a","conversation":"T1/C1/1.0"}""", "another_modal")]
    public async Task A_modal_that_is_not_ours_does_nothing(string reason, string metadata, string callback) =>
        (await Submit(Payloads.Submission(reason, metadata, callback: callback))).ShouldBeOfType<Inbound.Ignored>();

    [Fact]
    public async Task A_blank_reason_is_none() => (await Submit(Payloads.Submission("  "))).ShouldBeOfType<Inbound.PermissionAnswer>().Reason.ShouldBeNull();

    private Task<Inbound> Click(string payload) => _kit.Read("block_actions", Payloads.Bytes(Payloads.Form(payload)));

    private Task<Inbound> Submit(string payload) => _kit.Read("view_submission", Payloads.Bytes(Payloads.Form(payload)));
}
