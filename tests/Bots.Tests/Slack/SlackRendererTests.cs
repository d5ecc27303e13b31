using System.Text.Json;
using Bots.Engine;
using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Surfaces;
using Bots.Slack;
using static Bots.Tests.Slack.Sessions;

namespace Bots.Tests.Slack;

public sealed class SlackRendererTests
{
    [Fact]
    public void A_queued_prompt_is_seen_and_says_how_many_come_before()
    {
        var messages = Render(Queued(ahead: 2));
        messages.Select(m => m.Key).ShouldBe(["eyes:prm_1", "prompt:prm_1"]);
        messages[0].Content.ShouldBe("""{"kind":"reaction","ts":"1700000000.000100","name":"eyes"}""");
        Text(messages[1]).ShouldBe("⏳ Queued — 2 before you");
        Text(Render(Queued())[1]).ShouldBe("⏳ Starting…");
    }

    [Fact]
    public void A_prompt_of_another_conversation_is_not_shown() =>
        SlackRenderer.Render(Queued(), new ConversationKey("slack", "T1/C1/9.9"), SlackKit.Start).ShouldBeEmpty();

    [Fact]
    public void The_repository_is_asked_for_and_the_question_then_shows_the_answer()
    {
        SessionEvent[] asked =
        [
            new SessionEvent.SessionOpened("opencode", null, null),
            Opening()[1],
            new SessionEvent.RepositoryAsked([new(RepositoryName.Parse("acme/shop"), "The web shop"), new(RepositoryName.Parse("acme/api"), "")]),
        ];
        var question = Render(Fold(asked));
        question.Select(m => m.Key).ShouldBe(["eyes:prm_1", "pick_repository:ses_00000001", "prompt:prm_1"]);
        var select = Blocks(question[1])[1].GetProperty("elements")[0];
        select.GetProperty("action_id").GetString().ShouldBe("pick_repository");
        select.GetProperty("options").EnumerateArray().Select(o => o.GetProperty("value").GetString()).ShouldBe(["acme/shop", "acme/api"]);
        Text(question[2]).ShouldBe("⏳ Waiting for the repository to be picked");

        var chosen = Render(Fold([.. asked, new SessionEvent.RepositoryChosen(Target, Ana, "chosen by Ana")]));
        chosen[1].Key.ShouldBe("pick_repository:ses_00000001");
        Text(chosen[1]).ShouldBe("Working in *acme/shop* — chosen by Ana");
        Blocks(chosen[1]).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_repository_that_was_clear_is_not_asked_for() =>
        Render(Fold([.. Opening(), new SessionEvent.RepositoryChosen(Target, null, "named in the message")])).Select(m => m.Key).ShouldBe(["eyes:prm_1", "prompt:prm_1"]);

    [Fact]
    public void A_running_prompt_shows_what_it_does_its_plan_its_steps_and_its_words()
    {
        var view = Running(
            new SessionEvent.PlanChanged(Prompt, [new("Read", "completed"), new("Fix & test", "in_progress"), new("Tell", "pending")]),
            Says("I will **look**."),
            Tool("1", "completed", "Read `README.md`"),
            Tool("2", "failed", "Run tests"),
            Tool("3", "in_progress", "Edit <main>"));
        var message = Render(view).Single(m => m.Key == "prompt:prm_1");
        message.Urgent.ShouldBeFalse();
        Text(message).ShouldBe("Working in acme/shop: Edit &lt;main&gt;");
        Lines(message).ShouldBe(
        [
            "⚙️ *Edit &lt;main&gt;*",
            "*acme/shop* · `bots/fix-1a2b3c4d` · opencode · 0 s",
            "☑ Read\n▸ *Fix &amp; test*\n☐ Tell",
            "✓ Read `README.md`\n✗ Run tests\n… Edit &lt;main&gt;",
            "I will *look*.",
        ]);
        var stop = Blocks(message)[^1].GetProperty("elements")[0];
        (stop.GetProperty("action_id").GetString(), stop.GetProperty("value").GetString()).ShouldBe(("stop", "prm_1"));
    }

    [Fact]
    public void What_is_being_done_follows_stage_permission_and_stop()
    {
        Doing(new SessionEvent.StageChanged(Prompt, "starting the sandbox")).ShouldBe("⚙️ *Starting the sandbox*");
        Doing().ShouldBe("⚙️ *Thinking*");
        Doing(Says("hm")).ShouldBe("⚙️ *Writing*");
        Doing(Asks(Runs("ls"))).ShouldBe("⚙️ *Waiting for approval*");
        var stopping = Render(Running(new SessionEvent.StopAsked(Prompt, Ana)))[1];
        Lines(stopping)[0].ShouldBe("⚙️ *Stopping*");
        stopping.Content.ShouldNotContain("\"stop\"");

        string Doing(params SessionEvent[] events) => Lines(Render(Running(events))[1])[0];
    }

    [Fact]
    public void Only_the_last_steps_are_listed() =>
        Lines(Render(Running([.. Enumerable.Range(1, 20).Select(i => Tool($"{i}", "completed", $"Step {i}"))]))[1])[2]
            .ShouldBe("… 12 earlier steps\n" + string.Join('\n', Enumerable.Range(13, 8).Select(i => $"✓ Step {i}")));

    [Fact]
    public void A_clock_alone_changes_a_message_at_most_every_ten_seconds()
    {
        var view = Running(Says("working"));
        var contents = Enumerable.Range(0, 3600).Select(s => SlackRenderer.Render(view, InThread, SlackKit.Start.AddSeconds(2 + s))[1].Content).ToList();
        contents.Take(60).Distinct().Count().ShouldBe(6);
        contents.Distinct().Count().ShouldBe(12 + 16 + 50);
    }

    [Fact]
    public void A_finished_prompt_shows_the_whole_answer_and_what_it_came_to()
    {
        var view = Finished(
            PromptState.Completed, null,
            Says("All **green**."),
            new SessionEvent.ChangesPushed(Prompt, "bots/fix-1a2b3c4d", "abc", new DiffSummary(12, 3, 2)),
            new SessionEvent.PullRequestOpened(Prompt, 7, new Uri("https://github.com/acme/shop/pull/7")),
            new SessionEvent.UsageRecorded(Prompt, "m", new TokenUsage(12_000, 300), 0.042m));
        var message = Render(view)[1];
        message.Urgent.ShouldBeTrue();
        Text(message).ShouldBe("All *green*.");
        Lines(message).ShouldBe(["All *green*.", "*acme/shop* · `bots/fix-1a2b3c4d` · +12 −3 in 2 files · 5 s · 12.3k tokens · $0.04"]);
        var button = Blocks(message)[^1].GetProperty("elements")[0];
        button.GetProperty("url").GetString().ShouldBe("https://github.com/acme/shop/pull/7");
        button.GetProperty("text").GetProperty("text").GetString().ShouldBe("Pull request #7");
        message.Content.ShouldNotContain("\"stop\"");
    }

    [Fact]
    public void Every_ending_is_said()
    {
        Lines(Render(Finished(PromptState.Completed))[1])[0].ShouldBe("✅ Done.");
        Lines(Render(Finished(PromptState.Failed, "The sandbox ran **out of memory** at 2 GiB."))[1])[0].ShouldBe("❌ *This did not work.* The sandbox ran *out of memory* at 2 GiB.");
        Lines(Render(Finished(PromptState.Failed, "Crash.", Says("half an answer")))[1]).ShouldContain("half an answer");
        Lines(Render(Finished(PromptState.Cancelled, "stopped", new SessionEvent.StopAsked(Prompt, Ben)))[1])[0].ShouldBe("🛑 Stopped by <@UBEN>");
        Lines(Render(Finished(PromptState.Cancelled, "stopped", new SessionEvent.StopAsked(Prompt, new Person("github", "ben", "<!here> Ben"))))[1])[0].ShouldBe("🛑 Stopped by &lt;!here&gt; Ben");
        Lines(Render(Finished(PromptState.Cancelled, "The session was closed."))[1])[0].ShouldBe("🛑 Stopped: The session was closed.");
    }

    [Fact]
    public void A_long_answer_goes_on_in_further_messages_and_loses_nothing()
    {
        var paragraphs = Enumerable.Range(0, 900).Select(i => $"Paragraph {i} says something.").ToList();
        var view = Finished(PromptState.Completed, null, Says(string.Join("\n\n", paragraphs)), Asks(Runs("ls")), Decides(PermissionDecision.AllowOnce, Ana));
        var messages = Render(view);
        messages.Select(m => m.Key).ShouldBe(["eyes:prm_1", "prompt:prm_1", "permission:abc123", "prompt:prm_1:2", "prompt:prm_1:3"]);
        var shown = string.Join('\n', messages.Where(m => m.Key.StartsWith("prompt", StringComparison.Ordinal)).SelectMany(Lines));
        shown.Split('\n').Where(l => l.StartsWith("Paragraph", StringComparison.Ordinal)).ShouldBe(paragraphs);
        messages.ShouldAllBe(m => m.Urgent);
    }

    [Fact]
    public void Rendering_twice_gives_the_same_contents()
    {
        var view = Running(Says("text"), Asks(Runs("ls")));
        Render(view).ShouldBe(Render(view));
    }

    private static IReadOnlyList<SurfaceMessage> Render(SessionView view)
    {
        var messages = SlackRenderer.Render(view, InThread, SlackKit.Start.AddSeconds(10));
        messages.Select(m => m.Key).ShouldBeUnique();
        foreach (var message in messages) BlockKit.ShouldBeValid(message);
        return messages;
    }

    private static string Text(SurfaceMessage message) => JsonDocument.Parse(message.Content).RootElement.GetProperty("text").GetString()!;

    private static List<JsonElement> Blocks(SurfaceMessage message) => [.. JsonDocument.Parse(message.Content).RootElement.GetProperty("blocks").EnumerateArray()];

    private static List<string> Lines(SurfaceMessage message) => [.. Blocks(message).SelectMany(b => b.GetProperty("type").GetString() switch
    {
        "section" => [b.GetProperty("text").GetProperty("text").GetString()!],
        "context" => b.GetProperty("elements").EnumerateArray().Select(e => e.GetProperty("text").GetString()!),
        _ => Array.Empty<string>(),
    })];
}
