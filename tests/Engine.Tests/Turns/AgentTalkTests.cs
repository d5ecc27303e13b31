using Bots.Engine.Agents;
using Bots.Engine.Sessions;
using Bots.Engine.Tests.World;

namespace Bots.Engine.Tests.Turns;

/// <summary>What an agent may say, and how it is answered.</summary>
public sealed class AgentTalkTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("7")]
    [InlineData("\"seven\"")]
    public async Task A_request_nobody_knows_is_refused_under_its_own_id(string id)
    {
        var (agent, prompt) = await Prompted();
        agent.Line($$"""{"jsonrpc":"2.0","id":{{id}},"method":"fs/read_text_file","params":{"path":"/etc/passwd"} }""");

        var answer = await agent.Answered();

        answer.GetProperty("id").GetRawText().ShouldBe(id);
        answer.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-32601);
        agent.End(prompt);
        await _world.Surface.Shows("prompt:", "Completed");
    }

    [Fact]
    public async Task Stray_lines_and_notifications_nobody_knows_are_passed_over()
    {
        var (agent, prompt) = await Prompted();
        foreach (var line in (string[])["starting…", "{", "[]", """{"jsonrpc":"2.0","method":7}""", """{"jsonrpc":"2.0","method":"_x/ping"}""", """{"jsonrpc":"2.0","id":999,"result":{}}"""]) agent.Line(line);
        agent.Say("Done.");
        agent.End(prompt);

        await _world.Surface.Shows("prompt:", "Completed Done.");
    }

    [Fact]
    public async Task Updates_of_a_kind_nobody_knows_are_kept_in_the_log()
    {
        var (agent, prompt) = await Prompted();
        agent.Line("""{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"agent-session","update":{"sessionUpdate":"of_next_year","deep":[1]} } }""");
        agent.End(prompt);
        await _world.Surface.Shows("prompt:", "Completed");

        _world.Events().OfType<SessionEvent.AgentUpdate>().Single().Update.GetRawText().ShouldBe("""{"sessionUpdate":"of_next_year","deep":[1]}""");
    }

    [Fact]
    public async Task A_character_cut_in_two_fails_nothing()
    {
        var (agent, prompt) = await Prompted();
        foreach (var half in (string[])["well \\ud83d", "\\ude00 done"])
        {
            agent.Line($$"""{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"{{half}}"} } } }""");
        }

        agent.End(prompt);

        await _world.Surface.Shows("prompt:", "Completed well \ufffd\ufffd done");
    }

    [Fact]
    public async Task A_tool_call_that_is_first_heard_of_in_a_permission_request_is_in_the_log()
    {
        var (agent, _) = await Prompted();
        agent.Ask("npm test");

        await _world.Surface.Shows("permission:", "npm test: open");

        _world.View().Prompts[0].Items.ShouldHaveSingleItem().ShouldBeOfType<TurnItem.Tool>().Call.Command.ShouldBe("npm test");
    }

    [Fact]
    public async Task What_was_said_of_a_tool_call_before_counts_when_it_is_asked_about()
    {
        var (agent, _) = await Prompted();
        agent.Line("""{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s","update":{"sessionUpdate":"tool_call","toolCallId":"c1","title":"Run","kind":"execute","rawInput":{"command":"npm test"} } } }""");
        agent.Line("""{"jsonrpc":"2.0","id":5,"method":"session/request_permission","params":{"sessionId":"s","toolCall":{"toolCallId":"c1"},"options":[] } }""");

        await _world.Surface.Shows("permission:", "npm test: open");
    }

    [Fact]
    public async Task A_flood_of_words_is_taken_while_the_clock_stands_still()
    {
        var (agent, prompt) = await Prompted();
        agent.Plan();
        await _world.Logged<SessionEvent.PlanChanged>();
        for (var i = 0; i < 2500; i++) agent.Say("x");
        agent.End(prompt);

        await _world.Surface.Shows("prompt:", $"Completed {new string('x', 2500)}");
    }

    [Fact]
    public async Task Words_are_stored_together_a_tenth_of_a_second_later()
    {
        var (agent, _) = await Prompted();
        agent.Plan();
        await _world.Logged<SessionEvent.PlanChanged>();
        foreach (var word in (string[])["one ", "two ", "three"]) agent.Say(word);
        await _world.Clock.Armed(TimeSpan.FromMilliseconds(100));
        _world.Events().OfType<SessionEvent.AgentText>().ShouldBeEmpty();

        _world.Clock.Advance(TimeSpan.FromMilliseconds(100));

        await _world.Logged<SessionEvent.AgentText>();
        string.Concat(_world.Events().OfType<SessionEvent.AgentText>().Select(t => t.Text)).ShouldStartWith("one ");
    }

    [Fact]
    public async Task A_conversation_the_agent_cannot_take_up_again_is_begun_anew_and_people_are_told()
    {
        var (agent, prompt) = await Prompted();
        agent.Refuses = new HashSet<string> { "session/load" };
        agent.End(prompt);
        await _world.Surface.Shows("prompt:", "Completed");
        agent.Exit(0);

        await _world.Ask("again");
        agent.End(await agent.Prompted());

        await _world.Until(() => _world.View().Prompts is [_, { State: PromptState.Completed }]);
        _world.View().Prompts[1].Notes.ShouldHaveSingleItem().ShouldContain("could not take up its earlier conversation");
        agent.Count("session/new").ShouldBe(2);
    }

    [Theory]
    [InlineData("initialize")]
    [InlineData("session/new")]
    public async Task An_agent_that_ends_while_it_starts_fails_the_prompt_with_its_code(string method)
    {
        _world.Sandboxes.Make = agent => agent.DiesAt = new HashSet<string> { method };
        await _world.Ask("fix it");

        await _world.Surface.Shows("prompt:", "Failed The agent ended unexpectedly with code 9.");
    }

    [Fact]
    public async Task An_agent_that_ends_while_it_takes_up_its_conversation_fails_the_prompt_with_its_code()
    {
        var (agent, prompt) = await Prompted();
        agent.DiesAt = new HashSet<string> { "session/load" };
        agent.End(prompt);
        await _world.Surface.Shows("prompt:", "Completed");
        agent.Exit(0);

        await _world.Ask("again");

        await _world.Surface.Shows("prompt:", "Failed The agent ended unexpectedly with code 9.");
    }

    [Fact]
    public async Task An_agent_that_refuses_to_start_says_why()
    {
        _world.Sandboxes.Make = agent => agent.Refuses = new HashSet<string> { "session/new" };
        await _world.Ask("fix it");

        await _world.Surface.Shows("prompt:", "Failed The agent refused session/new: on purpose");
    }

    private async Task<(ScriptedAgent Agent, AgentPrompt Prompt)> Prompted()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        return (agent, await agent.Prompted());
    }
}
