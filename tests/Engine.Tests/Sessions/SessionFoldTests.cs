using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Testing;

namespace Bots.Engine.Tests.Sessions;

public sealed class SessionFoldTests
{
    [Fact]
    public void Folding_a_prefix_and_then_the_rest_is_folding_all() =>
        Events.Logs.Hold(log =>
        {
            var whole = Picture(SessionFold.Fold(Events.Session, log));
            return Enumerable.Range(0, log.Length + 1).All(cut =>
                Picture(log[cut..].Aggregate(SessionFold.Fold(Events.Session, log[..cut]), SessionFold.Apply)) == whole);
        });

    [Fact]
    public void Events_that_come_twice_change_nothing() =>
        Events.Logs.Hold(log =>
        {
            var view = SessionFold.Fold(Events.Session, log);
            return log.All(again => ReferenceEquals(SessionFold.Apply(view, again), view));
        });

    [Fact]
    public void A_view_survives_its_events_way_through_the_store() =>
        Events.Logs.Hold(log => Picture(SessionFold.Fold(Events.Session, log))
            == Picture(SessionFold.Fold(Events.Session, log.Select(e => e with { Event = EngineJson.Read<SessionEvent>(EngineJson.Write(e.Event)) }))));

    [Fact]
    public void The_view_knows_the_last_event() =>
        Events.Logs.Hold(log => SessionFold.Fold(Events.Session, log).Sequence == log.Length);

    [Fact]
    public void Text_is_joined_and_a_tool_call_stands_where_it_was_first_heard_of()
    {
        var prompt = new PromptId("prm_1");
        var view = Fold(
            Queued(prompt),
            new SessionEvent.AgentText(prompt, "I run "),
            new SessionEvent.AgentText(prompt, "the tests."),
            new SessionEvent.ToolCallChanged(prompt, new ToolCall { Id = "c1", Status = "pending" }),
            new SessionEvent.AgentText(prompt, "They pass."),
            new SessionEvent.ToolCallChanged(prompt, new ToolCall { Id = "c1", Status = "completed" }));

        var items = view.Prompts[0].Items;
        items[0].ShouldBe(new TurnItem.Text("I run the tests."));
        items[1].ShouldBeOfType<TurnItem.Tool>().Call.Status.ShouldBe("completed");
        items[2].ShouldBe(new TurnItem.Text("They pass."));
        view.Prompts[0].Answer.ShouldBe("I run the tests.\n\nThey pass.");
        view.Prompts[0].Conclusion.ShouldBe("They pass.");
    }

    [Fact]
    public void The_stage_is_shown_until_the_agent_is_heard()
    {
        var prompt = new PromptId("prm_1");
        Fold(Queued(prompt), new SessionEvent.StageChanged(prompt, "starting the agent")).Prompts[0].Stage.ShouldBe("starting the agent");
        Fold(Queued(prompt), new SessionEvent.StageChanged(prompt, "starting the agent"), new SessionEvent.AgentThought(prompt, "hm")).Prompts[0].Stage.ShouldBeNull();
        Fold(Queued(prompt), new SessionEvent.StageChanged(prompt, "pushing"), new SessionEvent.PromptFinished(prompt, PromptState.Completed, null)).Prompts[0].Stage.ShouldBeNull();
    }

    [Fact]
    public void A_price_that_is_not_known_is_not_free()
    {
        var prompt = new PromptId("prm_1");
        var unknown = new SessionEvent.UsageRecorded(prompt, "a/b", new TokenUsage(1, 2), null);

        Fold(Queued(prompt), unknown).Prompts[0].Cost.ShouldBeNull();
        var view = Fold(Queued(prompt), unknown, unknown with { Cost = 0.5m }).Prompts[0];
        (view.Cost, view.Usage.Total).ShouldBe((0.5m, 6L));
    }

    [Fact]
    public void Events_of_a_prompt_nobody_knows_change_no_other()
    {
        var known = Fold(Queued(new PromptId("prm_1")));
        var view = Fold(Queued(new PromptId("prm_1")), new SessionEvent.AgentText(new PromptId("prm_9"), "?"), new SessionEvent.Noted(null, "?"));

        Picture(view with { Sequence = 1 }).ShouldBe(Picture(known));
    }

    private static SessionEvent.PromptQueued Queued(PromptId prompt) => new(prompt, new Person("slack", "U1", "Ana"), "fix it", 0, new ConversationKey("slack", "c"), null);

    private static SessionView Fold(params SessionEvent[] events) =>
        SessionFold.Fold(Events.Session, events.Select((happened, i) => new LoggedEvent(Events.Session, i + 1, DateTimeOffset.UnixEpoch, happened)));

    /// <summary>A view as text, since lists are compared by reference.</summary>
    private static string Picture(SessionView view) => string.Join('\n', EngineJson.Write(view with { Prompts = [] }), string.Join('\n', view.Prompts.Select(p =>
        EngineJson.Write(p with { Items = [] }) + string.Concat(p.Items.Select(i => i is TurnItem.Tool tool ? EngineJson.Write(tool) : EngineJson.Write(((TurnItem.Text)i).Value))))));
}
