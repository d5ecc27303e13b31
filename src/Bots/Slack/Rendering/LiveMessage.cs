using Bots.Engine.Sessions;
using Bots.Engine.Surfaces;
using Bots.Slack.Wire;
using Bots.Surfaces;

namespace Bots.Slack.Rendering;

/// <summary>The message of a prompt that waits or runs: what is being done, how far it is, what was written so far. Pure.</summary>
internal static class LiveMessage
{
    private const int StepsShown = 8;
    private const int PlanShown = 15;
    private const int EntryLimit = 150;
    private const int LineLimit = 500;
    private const int ListLimit = 1500;

    public static SurfaceMessage Of(SessionView session, PromptView prompt, DateTimeOffset now) =>
        prompt.State == PromptState.Queued ? Queued(session, prompt) : Running(session, prompt, now);

    private static SurfaceMessage Queued(SessionView session, PromptView prompt)
    {
        var text = (session, prompt) switch
        {
            ({ Candidates.IsEmpty: false }, _) => "⏳ Waiting for the repository to be picked",
            (_, { Stage: { Length: > 0 } stage }) => $"⏳ {Mrkdwn.Short(stage, LineLimit)}",
            (_, { Ahead: > 0 }) => $"⏳ Queued — {prompt.Ahead} before you",
            _ => "⏳ Starting…",
        };
        return Kit.Message($"prompt:{prompt.Id}", text, [.. Request(prompt), Kit.Section(text)], urgent: true) with { ShowsProgress = true };
    }

    private static SurfaceMessage Running(SessionView session, PromptView prompt, DateTimeOffset now)
    {
        var doing = Mrkdwn.Short(Wording.NowDoing(prompt), LineLimit);
        List<Block> blocks = [.. Request(prompt), Kit.Section($"⚙️ *{doing}*"), .. Kit.Facts([.. Place(session), prompt.StartedAt is { } start ? Wording.Elapsed(now - start) : null])];
        if (!prompt.Plan.IsEmpty) blocks.Add(Kit.Section(Plan(prompt)));
        if (prompt.Items.Any(i => i is TurnItem.Tool)) blocks.Add(Kit.Section(Steps(prompt)));
        blocks.AddRange(Written(prompt));
        blocks.AddRange(prompt.Notes.TakeLast(Kit.MostNotes).Select(Kit.Note));
        if (prompt.StoppedBy is null) blocks.Add(Kit.Actions(Kit.Button(SlackActions.Stop, "Stop", prompt.Id.Value)));
        return Kit.Message($"prompt:{prompt.Id}", $"Working{In(session)}: {doing}", blocks, urgent: false) with { ShowsProgress = true };
    }

    /// <summary>What was asked and by whom, where no message above says it (a schedule).</summary>
    public static IEnumerable<Block> Request(PromptView prompt) => prompt.Message is not null ? []
        : [Kit.Context($"🗓 *{Mrkdwn.Short(prompt.Author.Name, EntryLimit)}*: {Mrkdwn.Short(prompt.Text.ReplaceLineEndings(" "), LineLimit)}")];

    /// <summary>Repository, branch and agent, as far as they are known.</summary>
    public static IEnumerable<string?> Place(SessionView session) =>
    [
        session.Target is { } target ? $"*{Mrkdwn.Escape(target.Repository.ToString())}*" : null,
        (session.Branch ?? session.Target?.Branch) is { } branch ? Mrkdwn.Code(branch) : null,
        Mrkdwn.Escape(session.Agent),
    ];

    private static string In(SessionView session) => session.Target is { } target ? $" in {Mrkdwn.Escape(target.Repository.ToString())}" : "";

    private static string Plan(PromptView prompt)
    {
        // A long plan is shown from around the step that is being done.
        var first = Math.Clamp(prompt.Plan.FindIndex(e => e.Status != "completed") - 3, 0, Math.Max(0, prompt.Plan.Count - PlanShown));
        List<string> lines = [.. prompt.Plan.Skip(first).Take(PlanShown).Select(Entry)];
        if (first > 0) lines.Insert(0, $"… {first} done before");
        if (prompt.Plan.Count - first > PlanShown) lines.Add($"… {prompt.Plan.Count - first - PlanShown} more");
        return Mrkdwn.Clip(string.Join('\n', lines), ListLimit);
    }

    private static string Entry(PlanEntry entry)
    {
        var text = Mrkdwn.Short(entry.Content.ReplaceLineEndings(" "), EntryLimit);
        return entry.Status switch { "completed" => $"☑ {text}", "in_progress" => $"▸ *{text}*", _ => $"☐ {text}" };
    }

    private static string Steps(PromptView prompt)
    {
        var calls = prompt.Items.OfType<TurnItem.Tool>().Select(t => t.Call).ToList();
        List<string> lines = [.. calls.TakeLast(StepsShown).Select(c => $"{Wording.Mark(c)} {Mrkdwn.Escape(Wording.Title(c))}")];
        if (calls.Count > StepsShown) lines.Insert(0, $"… {Wording.Count(calls.Count - StepsShown, "earlier step")}");
        return Mrkdwn.Clip(string.Join('\n', lines), ListLimit);
    }

    private static IEnumerable<Block> Written(PromptView prompt)
    {
        var pieces = MrkdwnSplitter.Split(MarkdownToMrkdwn.Convert(prompt.Answer), Mrkdwn.TextLimit);
        if (pieces.Count > 2) yield return Kit.Context("… the beginning will be shown in the end");
        foreach (var piece in pieces.TakeLast(2)) yield return Kit.Section(piece);
    }
}
