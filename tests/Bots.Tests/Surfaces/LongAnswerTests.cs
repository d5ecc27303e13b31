using Bots.Engine;
using Bots.GitHub;
using Bots.Simulators.GitHub.Faults;
using Bots.Simulators.Slack;
using Bots.Tests.EndToEnd;
using Markdig;
using Markdig.Syntax;

namespace Bots.Tests.Surfaces;

/// <summary>Answers that fit into no one message. The simulators refuse what is too long.</summary>
public sealed class LongAnswerTests
{
    private static readonly string Answer = $"Before.\n\n```js\n{string.Join('\n', Enumerable.Range(1, 4_000).Select(n => $"const x{n}x = compute({n});"))}\n```\n\nAfter.";

    [Fact]
    public async Task In_Slack_every_part_is_posted_once_whole_and_in_order_also_when_an_answer_is_lost_on_its_way()
    {
        await using var world = await SurfaceWorld.Start();
        var work = await world.Working(world.Thread(world.Slack.SayQuietly(SurfaceWorld.Ana, SurfaceWorld.Channel, "thread").Ts));
        await world.PassUntil(() => Bots(world).Count == 1);
        world.Slack.Fail("chat.postMessage", SlackFault.DropAfter, times: 2);
        await work.Say(Answer);
        await work.End();
        await world.PassUntil(() => Bots(world).Any(m => m.Text.StartsWith("(continued", StringComparison.Ordinal) && m.Everything.Contains("After.", StringComparison.Ordinal)));

        var shown = Bots(world);
        shown.Skip(1).Select(m => m.Text).ShouldBe(Enumerable.Range(2, shown.Count - 1).Select(n => $"(continued, {n} of {shown.Count})"));
        var sections = shown.SelectMany(m => m.Blocks!.Value.EnumerateArray()).Where(b => b.GetProperty("type").GetString() == "section").Select(b => b.GetProperty("text").GetProperty("text").GetString()!).ToList();
        sections.ShouldAllBe(s => s.Split("```").Length % 2 == 1);
        var all = string.Join('\n', sections);
        Enumerable.Range(1, 4_000).ShouldAllBe(n => all.Split($"const x{n}x = ").Length == 2);
    }

    [Fact]
    public async Task On_GitHub_every_part_is_posted_once_whole_and_in_order_also_when_an_answer_is_lost_on_its_way()
    {
        await using var world = await SurfaceWorld.Start();
        var number = world.GitHub.OpenIssue("ana", SurfaceWorld.Calculator, "x", "x").Number;
        var work = await world.Working(new ConversationKey(GitHubSurface.SurfaceName, $"{SurfaceWorld.Calculator}#{number}"));
        await world.PassUntil(() => world.GitHub.Comments(SurfaceWorld.Calculator, number).Count == 1);
        world.GitHub.Fail("POST /repos/*/*/issues/*/comments", Fault.DropAfter, times: 2);
        await work.Say(Answer);
        await work.End();
        await world.PassUntil(() => world.GitHub.Comments(SurfaceWorld.Calculator, number).Any(c => c.Body.StartsWith("_(continued", StringComparison.Ordinal) && c.Body.Contains("After.", StringComparison.Ordinal)));

        var comments = world.GitHub.Comments(SurfaceWorld.Calculator, number).Select(c => c.Body).ToList();
        comments.Count.ShouldBeGreaterThan(3);
        comments.Skip(1).ShouldAllBe(c => c.StartsWith("_(continued, ", StringComparison.Ordinal));
        foreach (var comment in comments) Markdown.Parse(comment).Descendants<FencedCodeBlock>().ShouldAllBe(b => b.ClosingFencedCharCount > 0);
        var all = string.Join('\n', comments);
        Enumerable.Range(1, 4_000).ShouldAllBe(n => all.Split($"const x{n}x = ").Length == 2);
    }

    private static List<SlackMessage> Bots(SurfaceWorld world) => [.. world.Slack.Messages(SurfaceWorld.Channel).Where(m => m.User == world.Slack.Options.BotUserId)];
}
