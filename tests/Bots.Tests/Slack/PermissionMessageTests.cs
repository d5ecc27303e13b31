using System.Text.Json;
using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Surfaces;
using Bots.Slack;
using static Bots.Tests.Slack.Sessions;

namespace Bots.Tests.Slack;

public sealed class PermissionMessageTests
{
    [Fact]
    public void A_request_says_what_will_be_run_where_and_asked_by_whom()
    {
        var message = Open(Runs("rm -rf build && echo \"<done>\""));
        message.Key.ShouldBe("permission:abc123");
        message.Urgent.ShouldBeTrue();
        Lines(message).ShouldBe(
        [
            "✋ *opencode wants to run a command in acme/shop* · asked by <@UANA>",
            "Run a command",
            "```\nrm -rf build &amp;&amp; echo \"&lt;done&gt;\"\n```",
            "Without an answer it is denied at <!date^1772405100^{time}|22:45 UTC>.",
        ]);
        Buttons(message).ShouldBe([("approve_once", "Approve once", "abc123"), ("approve_session", "Always in this session", "abc123"), ("deny", "Deny", "abc123"), ("deny_with_reason", "Deny with reason…", "abc123")]);
    }

    [Theory]
    [InlineData(PermissionDecision.AllowOnce, null, "✅ Allowed once by <@UBEN>")]
    [InlineData(PermissionDecision.AllowSession, null, "✅ Allowed for this session by <@UBEN>")]
    [InlineData(PermissionDecision.Deny, null, "⛔ Denied by <@UBEN>")]
    [InlineData(PermissionDecision.Deny, "use <staging>", "⛔ Denied by <@UBEN>: use &lt;staging&gt;")]
    public void A_decision_takes_the_place_of_the_buttons(PermissionDecision decision, string? reason, string line)
    {
        var message = Decided(Decides(decision, Ben, reason: reason))!;
        Lines(message)[^1].ShouldBe(line);
        Lines(message)[0].ShouldBe("*opencode wants to run a command in acme/shop* · asked by <@UANA>");
        Buttons(message).ShouldBeEmpty();
    }

    [Fact]
    public void A_question_in_its_own_words_has_buttons_in_its_own_words()
    {
        var words = new PermissionWords("This session reached its budget of $5.00. Extend it by <$5.00>?", "Extend by $5.00", null, "Stop");
        var asks = ((SessionEvent.PermissionAsked)Asks(new ToolCall { Id = "budget:1", Kind = "budget" })) with { Words = words };

        var message = Only(Running(asks))!;

        Lines(message)[0].ShouldBe("✋ *This session reached its budget of $5.00. Extend it by &lt;$5.00&gt;?* · asked by <@UANA>");
        Buttons(message).ShouldBe([("approve_once", "Extend by $5.00", "abc123"), ("deny", "Stop", "abc123")]);
        Lines(Only(Running(asks, Decides(PermissionDecision.AllowOnce, Ben)))!)[^1].ShouldBe("✅ Extend by $5.00: <@UBEN>");
    }

    [Fact]
    public void What_no_person_decided_says_what_did()
    {
        Lines(Decided(Decides(PermissionDecision.Deny, null, "expired"))!)[^1].ShouldBe("⌛ Expired – denied");
        Lines(Decided(Decides(PermissionDecision.Deny, null, "policy: no deletes"))!)[^1].ShouldBe("⛔ Denied – policy: no deletes");
        Lines(Decided(Decides(PermissionDecision.AllowSession, null, "allowed for this session"))!)[^1].ShouldBe("✅ Allowed – allowed for this session");
    }

    [Fact]
    public void What_a_rule_allowed_at_once_is_not_shown()
    {
        var view = Running();
        var prompt = view.Prompts[0] with { Permissions = [new PermissionView { Id = Permission, Call = Runs("ls"), AskedAt = SlackKit.Start, ExpiresAt = SlackKit.Start, Outcome = new(PermissionDecision.AllowOnce, null, "policy", null, SlackKit.Start) }] };
        SlackRenderer.Render(view with { Prompts = [prompt] }, InThread, SlackKit.Start).ShouldNotContain(m => m.Key.StartsWith("permission"));
    }

    [Fact]
    public void A_request_left_open_by_a_stopped_prompt_cannot_be_pressed()
    {
        var message = Only(Finished(PromptState.Cancelled, null, Asks(Runs("ls"))))!;
        Lines(message)[^1].ShouldBe("🛑 No longer needed");
        Buttons(message).ShouldBeEmpty();
    }

    [Fact]
    public void A_change_is_shown_as_its_lines()
    {
        var message = Open(Edits(new FileDiff("/workspace/a.cs", "one\ntwo\nthree\nfour\nfive\nsix\n", "one\ntwo\nthree\nFOUR\nfive\nsix\n"), new FileDiff("/workspace/new.cs", null, "<x>\n")));
        Lines(message).Skip(1).Take(4).ShouldBe(["`/workspace/a.cs`", "```\n⋯\n two\n three\n-four\n+FOUR\n five\n six\n```", "`/workspace/new.cs` (new file)", "```\n+&lt;x&gt;\n```"]);
        Lines(message)[0].ShouldContain("change 2 files");
    }

    [Fact]
    public void What_does_not_fit_is_counted()
    {
        Lines(Open(Runs(string.Join('\n', Enumerable.Range(1, 500).Select(i => $"echo {i}")))))[2].ShouldEndWith("echo 60\n```\n… *440 more lines*");
        Lines(Open(Runs(new string('x', 50_000) + "\nrm -rf /")))[2].ShouldEndWith("\n```\n… *1 more line, and the first one is 50,000 characters long*");
        Lines(Open(Edits([.. Enumerable.Range(0, 9).Select(i => new FileDiff($"/f{i}", "a", "b"))]))).ShouldContain("… and 6 more files");
    }

    [Theory]
    [InlineData("echo a\u202Ecod.exe", "echo a⟨U+202E⟩cod.exe")]
    [InlineData("ls\rrm -rf /", "ls⟨U+000D⟩rm -rf /")]
    [InlineData("git\u200B push", "git⟨U+200B⟩ push")]
    [InlineData("echo \u001b[8m hidden", "echo ⟨U+001B⟩[8m hidden")]
    public void Nothing_in_a_command_can_hide(string command, string shown) => Lines(Open(Runs(command)))[2].ShouldBe($"```\n{shown}\n```");

    [Fact]
    public void A_fence_in_a_command_does_not_end_the_block()
    {
        var block = Lines(Open(Runs("echo\n```\n*Allowed* by everybody\n````````")))[2];
        block.ShouldStartWith("```\necho\n");
        block[3..^3].ShouldNotContain("```");
    }

    [Fact]
    public void Another_tool_shows_its_title_and_paths() =>
        Lines(Open(new ToolCall { Id = "1", Kind = "delete", Title = "Delete *logs*", Paths = [.. Enumerable.Range(0, 12).Select(i => $"/workspace/{i}")] }))
            .ShouldBe(
            [
                "✋ *opencode wants to delete files in acme/shop* · asked by <@UANA>", "Delete *logs*",
                string.Join('\n', Enumerable.Range(0, 10).Select(i => $"`/workspace/{i}`")), "… and 2 more",
                "Without an answer it is denied at <!date^1772405100^{time}|22:45 UTC>.",
            ]);

    private static SurfaceMessage Open(ToolCall call) => Only(Running(Asks(call)))!;

    private static SurfaceMessage? Decided(SessionEvent decision) => Only(Running(Asks(Runs("ls")), decision));

    private static SurfaceMessage? Only(SessionView view)
    {
        var message = SlackRenderer.Render(view, InThread, SlackKit.Start).SingleOrDefault(m => m.Key.StartsWith("permission"));
        if (message is not null) BlockKit.ShouldBeValid(message);
        return message;
    }

    private static List<JsonElement> Blocks(SurfaceMessage message) => [.. JsonDocument.Parse(message.Content).RootElement.GetProperty("blocks").EnumerateArray()];

    private static List<string> Lines(SurfaceMessage message) => [.. Blocks(message).SelectMany(b => b.GetProperty("type").GetString() switch
    {
        "section" => [b.GetProperty("text").GetProperty("text").GetString()!],
        "context" => b.GetProperty("elements").EnumerateArray().Select(e => e.GetProperty("text").GetString()!),
        _ => Array.Empty<string>(),
    })];

    private static List<(string?, string?, string?)> Buttons(SurfaceMessage message) =>
        [.. Blocks(message).Where(b => b.GetProperty("type").GetString() == "actions").SelectMany(b => b.GetProperty("elements").EnumerateArray())
            .Select(e => (e.GetProperty("action_id").GetString(), e.GetProperty("text").GetProperty("text").GetString(), e.GetProperty("value").GetString()))];
}
