using System.Text.Json;
using Bots.Engine.Agents;
using Bots.Engine.Sessions;

namespace Bots.Engine.Tests.Agents;

/// <summary>Every kind of update that ACP 1 defines, as its schema has it.</summary>
public sealed class AcpTranslatorTests
{
    private static readonly PromptId Prompt = PromptId.New();

    [Theory]
    [InlineData("""{"type":"text","text":"Hello"}""", "Hello")]
    [InlineData("""{"type":"text","text":""}""", "")]
    [InlineData("""{"type":"image","data":"aGk=","mimeType":"image/png"}""", "[image]")]
    [InlineData("""{"type":"audio","data":"aGk=","mimeType":"audio/wav"}""", "[audio]")]
    [InlineData("""{"type":"resource_link","uri":"file:///a","name":"a"}""", "[resource_link]")]
    [InlineData("""{"type":"resource","resource":{"uri":"file:///a","text":"x"}}""", "[resource]")]
    [InlineData("""{"type":"hologram","beam":1}""", "[hologram]")]
    public void A_chunk_becomes_text(string block, string expected)
    {
        Update($$"""{"sessionUpdate":"agent_message_chunk","content":{{block}},"messageId":"m1"}""").ShouldBe(new SessionEvent.AgentText(Prompt, expected));
        Update($$"""{"sessionUpdate":"agent_thought_chunk","content":{{block}}}""").ShouldBe(new SessionEvent.AgentThought(Prompt, expected));
    }

    [Fact]
    public void A_plan_is_taken_as_a_whole() =>
        Update("""{"sessionUpdate":"plan","entries":[{"content":"Read","priority":"high","status":"completed"},{"content":"Mend","priority":"low","status":"in_progress"}]}""")
            .ShouldBeOfType<SessionEvent.PlanChanged>().Entries.ShouldBe([new("Read", "completed"), new("Mend", "in_progress")]);

    [Fact]
    public void A_tool_call_with_nothing_but_what_it_must_have_is_pending_and_other() =>
        Call("""{"sessionUpdate":"tool_call","toolCallId":"c1","title":"Look"}""").ShouldBe(new ToolCall { Id = "c1", Title = "Look", Kind = "other", Status = "pending", Paths = [], Diffs = [] }, new ByJson());

    [Fact]
    public void A_tool_call_is_taken_with_all_it_tells()
    {
        var call = Call("""
            {"sessionUpdate":"tool_call","toolCallId":"c1","title":"Run tests","name":"bash","kind":"execute","status":"in_progress",
             "rawInput":{"command":"npm test","filePath":"/workspace/b.js"},"locations":[{"path":"/workspace/a.js","line":7}],
             "content":[{"type":"content","content":{"type":"text","text":"ok 1"}},{"type":"content","content":{"type":"text","text":"ok 2"}},
                        {"type":"diff","path":"/workspace/a.js","oldText":"a","newText":"b"},{"type":"diff","path":"/workspace/n.js","oldText":null,"newText":"n"},
                        {"type":"terminal","terminalId":"t1"}],"_meta":{"x":1}}
            """);

        call.Title.ShouldBe("Run tests");
        (call.Kind, call.Status, call.Command, call.Output).ShouldBe(("execute", "in_progress", "npm test", "ok 1\nok 2"));
        call.Paths.ShouldBe(["/workspace/a.js", "/workspace/b.js"]);
        call.Diffs.ShouldBe([new("/workspace/a.js", "a", "b"), new("/workspace/n.js", null, "n")]);
    }

    [Fact]
    public void An_update_changes_only_what_it_names()
    {
        var before = Call("""{"sessionUpdate":"tool_call","toolCallId":"c1","title":"Run tests","kind":"execute","rawInput":{"command":"npm test"},"locations":[{"path":"/workspace/a.js"}]}""");

        var after = Call("""{"sessionUpdate":"tool_call_update","toolCallId":"c1","status":"completed","title":null,"kind":null,"content":null,"locations":null}""", before);

        after.ShouldBe(before with { Status = "completed" }, new ByJson());
    }

    [Fact]
    public void An_update_replaces_what_it_names()
    {
        var before = Call("""{"sessionUpdate":"tool_call","toolCallId":"c1","title":"Edit","status":"in_progress","locations":[{"path":"/workspace/a.js"}],"content":[{"type":"content","content":{"type":"text","text":"one"}}]}""");

        var after = Call("""{"sessionUpdate":"tool_call_update","toolCallId":"c1","locations":[{"path":"/workspace/b.js"}],"content":[{"type":"content","content":{"type":"text","text":"two"}}]}""", before);

        (after.Title, after.Output).ShouldBe(("Edit", "two"));
        after.Paths.ShouldBe(["/workspace/b.js"]);
    }

    [Fact]
    public void An_update_of_a_call_nobody_heard_of_begins_it() =>
        Call("""{"sessionUpdate":"tool_call_update","toolCallId":"c9","status":"failed"}""").ShouldBe(new ToolCall { Id = "c9", Status = "failed" }, new ByJson());

    [Fact]
    public void What_a_waiting_call_shows_is_what_it_is_about_and_not_what_it_printed() =>
        Call("""{"sessionUpdate":"tool_call","toolCallId":"c1","title":"t","content":[{"type":"content","content":{"type":"text","text":"Runs the tests"}}]}""").Output.ShouldBeNull();

    [Theory]
    [InlineData(""" "content":[{"type":"content","content":{"type":"text","text":"```console\nok 1\nok 2\n```"}}] """, "ok 1\nok 2")]
    [InlineData(""" "content":[{"type":"content","content":{"type":"text","text":"```\na\n```\nb\n```\nc\n```"}}] """, "```\na\n```\nb\n```\nc\n```")]
    [InlineData(""" "content":[{"type":"content","content":{"type":"text","text":"shown"}}],"rawOutput":{"stdout":"raw"} """, "shown")]
    [InlineData(""" "rawOutput":{"stdout":"ran\n","formatted_output":"","aggregated_output":"ran\nwarned\n"} """, "ran\nwarned\n")]
    [InlineData(""" "rawOutput":"ran" """, "ran")]
    [InlineData(""" "rawOutput":{"exit_code":0} """, null)]
    public void What_was_printed_is_found_wherever_the_agent_puts_it(string told, string? output) =>
        Call("""{"sessionUpdate":"tool_call_update","toolCallId":"c1","status":"completed",TOLD}""".Replace("TOLD", told)).Output.ShouldBe(output);

    [Theory]
    [InlineData("""["/bin/bash","-lc","npm test && ls"]""", "npm test && ls")]
    [InlineData("""["sh","-c","ls"]""", "ls")]
    [InlineData("""["sh","-c","ls","x"]""", "sh -c ls x")]
    [InlineData("""["python3","-c","print(1)"]""", "python3 -c 'print(1)'")]
    [InlineData("""["/usr/bin/zsh","-c","ls"]""", "ls")]
    [InlineData("""["/workspace/tools/bash","-lc","npm test"]""", "/workspace/tools/bash -lc 'npm test'")]
    [InlineData("""["./sh","-c","npm test"]""", "./sh -c 'npm test'")]
    [InlineData("""["/bin/../workspace/sh","-c","npm test"]""", "/bin/../workspace/sh -c 'npm test'")]
    [InlineData("""["npm test/../x"]""", "'npm test/../x'")]
    [InlineData("""["git","commit","-m","it's; $HOME"]""", "git commit -m 'it'\\''s; $HOME'")]
    [InlineData("""["npm","test",""]""", "npm test ''")]
    [InlineData("""["npm","test","&&","ls"]""", "npm test '&&' ls")]
    public void A_command_is_what_the_shell_is_given(string command, string expected) =>
        Call("""{"sessionUpdate":"tool_call","toolCallId":"c1","title":"t","kind":"execute","rawInput":{"command":COMMAND}}""".Replace("COMMAND", command)).Command.ShouldBe(expected);

    [Fact]
    public void Kinds_and_states_nobody_knows_yet_survive()
    {
        var call = Call("""{"sessionUpdate":"tool_call","toolCallId":"c1","title":"t","kind":"teleport","status":"awaiting_moon"}""");

        (call.Kind, call.Status).ShouldBe(("teleport", "awaiting_moon"));
    }

    [Theory]
    [InlineData("""{"command":"npm test"}""", "npm test")]
    [InlineData("""{"command":["npm","test"]}""", "npm test")]
    [InlineData("""{"cmd":"npm test"}""", null)]
    [InlineData("\"npm test\"", null)]
    [InlineData("null", null)]
    public void The_command_is_told_exactly_or_not_at_all(string raw, string? expected) =>
        Call($$"""{"sessionUpdate":"tool_call","toolCallId":"c1","title":"t","rawInput":{{raw}}}""").Command.ShouldBe(expected);

    [Fact]
    public void Long_output_keeps_its_end()
    {
        var call = Call($$"""{"sessionUpdate":"tool_call","toolCallId":"c1","title":"t","status":"completed","content":[{"type":"content","content":{"type":"text","text":"{{new string('x', 5000)}}end"} }]}""");

        call.Output!.Length.ShouldBe(4000);
        call.Output.ShouldEndWith("xend");
    }

    [Fact]
    public void A_plan_that_is_kept_with_a_tool_is_known_as_a_plan()
    {
        var plan = System.Text.Json.JsonDocument.Parse("""{"sessionUpdate":"tool_call_update","toolCallId":"c1","rawInput":{"todos":[{"content":"Read","status":"completed"}]}}""").RootElement;

        AcpTranslator.IsPlan(plan).ShouldBeTrue();
        AcpTranslator.Todos(plan).ShouldBe([new PlanEntry("Read", "completed")]);
    }

    [Theory]
    [InlineData("user_message_chunk", """ "content":{"type":"text","text":"hi"} """)]
    [InlineData("available_commands_update", """ "availableCommands":[{"name":"init","description":"Writes AGENTS.md","input":{"hint":"path"}}] """)]
    [InlineData("current_mode_update", """ "currentModeId":"plan" """)]
    [InlineData("config_option_update", """ "configOptions":[{"id":"model","name":"Model","type":"select","currentValue":"a","options":[{"value":"a","name":"A"}]}] """)]
    [InlineData("session_info_update", """ "title":"Mend the test","updatedAt":null """)]
    [InlineData("usage_update", """ "used":12000,"size":200000,"cost":{"amount":0.12,"currency":"USD"} """)]
    [InlineData("notice", """ "severity":"warning","title":"Slow","description":null """)]
    [InlineData("compaction_update", """ "compactionId":"k","status":"in_progress" """)]
    [InlineData("compaction_summary_chunk", """ "compactionId":"k","content":{"type":"text","text":"s"} """)]
    [InlineData("something_of_next_year", """ "deep":[{"er":null}] """)]
    [InlineData("tool_call", """ "title":"a call without an id" """)]
    public void Anything_else_survives_as_it_came(string kind, string fields)
    {
        var json = $$"""{"sessionUpdate":"{{kind}}",{{fields.Trim()}} }""";

        var update = Update(json).ShouldBeOfType<SessionEvent.AgentUpdate>();

        (update.Prompt, update.Kind).ShouldBe((Prompt, kind));
        update.Update.GetRawText().ShouldBe(json);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"sessionUpdate":7}""")]
    public void An_update_that_names_no_kind_is_unknown(string json) => Update(json).ShouldBeOfType<SessionEvent.AgentUpdate>().Kind.ShouldBe("unknown");

    [Fact]
    public void Options_are_taken_as_they_are_offered() =>
        AcpTranslator.Options(Json("""{"options":[{"optionId":"o1","name":"Allow","kind":"allow_once"},{"optionId":"o2","name":"Until noon","kind":"allow_until_noon","_meta":{}}]}"""))
            .ShouldBe([new("o1", "Allow", "allow_once"), new("o2", "Until noon", "allow_until_noon")]);

    private static SessionEvent Update(string json) => AcpTranslator.Update(Prompt, Json(json), _ => null);

    private static ToolCall Call(string json, ToolCall? known = null) =>
        AcpTranslator.Update(Prompt, Json(json), id => id == known?.Id ? known : null).ShouldBeOfType<SessionEvent.ToolCallChanged>().Call;

    private static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private sealed class ByJson : IEqualityComparer<ToolCall>
    {
        public bool Equals(ToolCall? x, ToolCall? y) => Storage(x) == Storage(y);

        public int GetHashCode(ToolCall obj) => Storage(obj).GetHashCode(StringComparison.Ordinal);

        private static string Storage(ToolCall? call) => Engine.Storage.EngineJson.Write(call);
    }
}
