using Bots.Engine.Sessions;
using Bots.Engine.Surfaces;
using Bots.Slack.Wire;
using Bots.Surfaces;

namespace Bots.Slack.Rendering;

/// <summary>The messages of a prompt that is over: its answer in full, and what it came to. Pure.</summary>
internal static class FinalMessages
{
    /// <summary>Slack refuses messages whose blocks are too long in sum; four full sections are well below.</summary>
    private const int SectionsPerMessage = 4;

    /// <summary>What a person would still scroll through.</summary>
    private const int MostMessages = 12;

    public static IReadOnlyList<SurfaceMessage> Of(SessionView session, PromptView prompt)
    {
        var answer = MarkdownToMrkdwn.Convert(prompt.Answer);
        var sections = Sections(prompt, answer);
        var shown = sections.Take(SectionsPerMessage * MostMessages).Chunk(SectionsPerMessage).ToList();
        List<Block> end = [.. sections.Count > SectionsPerMessage * MostMessages ? [Kit.Context("… the rest of the answer is too long for Slack")] : Array.Empty<Block>(), .. End(session, prompt)];
        return [.. shown.Select((blocks, page) => Kit.Message(
            page == 0 ? $"prompt:{prompt.Id}" : $"prompt:{prompt.Id}:{page + 1}",
            page == 0 ? Fallback(prompt, answer) : $"(continued, {page + 1} of {shown.Count})",
            [.. page == 0 ? LiveMessage.Request(prompt) : [], .. blocks, .. page == shown.Count - 1 ? end : []],
            urgent: true) with { ShowsProgress = page == 0, Awaited = page == 0 ? "answer" : null })];
    }

    private static List<Block> Sections(PromptView prompt, string answer)
    {
        var outcome = Outcome(prompt);
        List<Block> sections = [.. outcome.Length > 0 ? Kit.Sections(outcome) : [], .. Kit.Sections(answer)];
        return sections.Count > 0 ? sections : [Kit.Section("✅ Done.")];
    }

    /// <summary>How it ended, when it did not end well.</summary>
    private static string Outcome(PromptView prompt)
    {
        var cause = MarkdownToMrkdwn.Convert(prompt.Cause ?? "");
        return prompt switch
        {
            { State: PromptState.Failed } => cause.Length > 0 ? $"❌ *This did not work.* {cause}" : "❌ *This did not work.* No cause is known; mention me again to try once more.",
            { State: PromptState.Cancelled, StoppedBy: { } by } => $"🛑 Stopped by {Mrkdwn.Mention(by)}",
            { State: PromptState.Cancelled } => cause.Length > 0 ? $"🛑 Stopped: {cause}" : "🛑 Stopped",
            _ => "",
        };
    }

    private static string Fallback(PromptView prompt, string answer) =>
        Outcome(prompt) is { Length: > 0 } outcome ? outcome : answer.Length > 0 ? answer : "✅ Done.";

    private static IEnumerable<Block> End(SessionView session, PromptView prompt)
    {
        foreach (var note in prompt.Notes.TakeLast(Kit.MostNotes)) yield return Kit.Note(note);
        foreach (var facts in Kit.Facts(Facts(session, prompt))) yield return facts;
        if (prompt.State == PromptState.Completed && session.PullRequest is { } pull && pull.Url.AbsoluteUri.Length <= 3000)
            yield return Kit.Actions(new ButtonElement(TextObject.Plain($"Pull request #{pull.Number}")) { ActionId = SlackActions.OpenPullRequest, Url = pull.Url });
    }

    private static IEnumerable<string?> Facts(SessionView session, PromptView prompt) =>
    [
        .. LiveMessage.Place(session).Take(2),
        prompt.Changes is { } changes ? Wording.Changes(changes) : null,
        prompt is { StartedAt: { } start, FinishedAt: { } finish } ? Wording.Duration(finish - start) : null,
        prompt.Usage.Total > 0 ? Wording.Tokens(prompt.Usage.Total) : null,
        prompt.Cost is { } cost ? Wording.Money(cost) : null,
    ];
}
