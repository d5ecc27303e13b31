using Bots.Engine;
using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Slack;
using static Bots.Tests.Slack.Sessions;

namespace Bots.Tests.Slack;

/// <summary>Whatever an agent does, Slack takes what is sent.</summary>
public sealed class HugeViewTests
{
    private static readonly string[] Texts =
    [
        new('x', 300_000),
        string.Join('\n', Enumerable.Repeat("<!channel> & <@UEVE> ``` **bold** [a](https://a.example/?x=1&y=2)", 3000)),
        "```\n" + string.Join('\n', Enumerable.Repeat("if (a < b && c > d) { }", 5000)),
        string.Join("\n\n", Enumerable.Repeat("| a | b |\n|---|---|\n| " + new string('&', 500) + " | y |", 100)),
        string.Join('\n', Enumerable.Range(0, 2000).Select(i => $"- item {i}\n  - nested <{i}>")),
        string.Concat(Enumerable.Repeat("😀", 20_000)),
        "   ",
        "",
    ];

    public static TheoryData<int> All => [.. Enumerable.Range(0, Texts.Length)];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_message_is_within_slacks_limits(int index)
    {
        var text = Texts[index];
        SessionEvent[] work =
        [
            Says(text),
            new SessionEvent.PlanChanged(Prompt, [.. Enumerable.Range(0, 60).Select(i => new PlanEntry(text.Length > 5000 ? text[..5000] : text + "step", i < 30 ? "completed" : "pending"))]),
            .. Enumerable.Range(0, 30).Select(i => Tool($"{i}", i % 3 == 0 ? "failed" : "completed", text)),
            new SessionEvent.StageChanged(Prompt, text),
            new SessionEvent.Noted(Prompt, text + "note"),
            Asks(new ToolCall { Id = "c", Title = text, Kind = "execute", Command = text, Paths = [text] }),
            new SessionEvent.PermissionAsked(new PermissionId("p2"), Prompt, Edits([.. Enumerable.Range(0, 9).Select(i => new FileDiff(text + i, i == 0 ? null : text, text + "\nnew"))]), SlackKit.Start),
            new SessionEvent.PermissionAsked(new PermissionId("p3"), Prompt, new ToolCall { Id = "d", Title = text, Kind = "delete", Paths = [.. Enumerable.Repeat(text, 30)] }, SlackKit.Start),
        ];
        ShouldBeValid(Running(work));
        ShouldBeValid(Running([.. work, Decides(PermissionDecision.Deny, Ben, reason: text), new SessionEvent.StageChanged(Prompt, text)]));
        ShouldBeValid(Finished(PromptState.Completed, null, work));
        ShouldBeValid(Finished(PromptState.Failed, text, work));
        ShouldBeValid(Finished(PromptState.Cancelled, text));
    }

    [Fact]
    public void A_thousand_candidates_fit()
    {
        var candidates = Enumerable.Range(0, 1000).Select(i => new RepositoryCandidate(RepositoryName.Parse($"acme/{new string('r', i % 100)}{i % 10}"), new string('d', i)));
        var view = Fold(new SessionEvent.SessionOpened("", null, null), Opening()[1], new SessionEvent.RepositoryAsked([.. candidates]));
        ShouldBeValid(view);
        SlackRenderer.Render(view, InThread, SlackKit.Start)[1].Content.ShouldContain("Not listed: 900 more");
    }

    [Fact]
    public void An_agent_without_a_name_and_a_session_without_a_repository_are_fine() =>
        ShouldBeValid(Fold(new SessionEvent.SessionOpened("", null, null), Opening()[1], new SessionEvent.PromptStarted(Prompt), Asks(new ToolCall { Id = "1" })));

    private static void ShouldBeValid(SessionView view)
    {
        var messages = SlackRenderer.Render(view, InThread, SlackKit.Start.AddHours(100));
        messages.Count.ShouldBeInRange(2, 20);
        foreach (var message in messages) BlockKit.ShouldBeValid(message);
    }
}
