using Bots.Engine;
using Bots.Engine.Sessions;
using Bots.Engine.Surfaces;
using Bots.Surfaces;

namespace Bots.GitHub;

/// <summary>What a pull request shows of a session: one comment for each prompt asked in it. Pure.</summary>
public sealed class GitHubRenderer(Uri webUrl)
{
    /// <summary>GitHub takes 65,536 characters; the rest is left for our marker.</summary>
    public const int MostCharacters = 60_000;

    private const int MostAnswer = 30_000;

    /// <summary>What a person would still scroll through.</summary>
    private const int MostParts = 10;

    private const int MostSoFar = 2_000;
    private const int MostSteps = 60;

    // Long enough that the edit is sent at once, too short to turn a whole turn into edits sent at once.
    private static readonly TimeSpan DecisionIsFresh = TimeSpan.FromSeconds(10);

    public IReadOnlyList<SurfaceMessage> Render(SessionView session, ConversationKey conversation, DateTimeOffset now)
    {
        var messages = new List<SurfaceMessage>();
        foreach (var prompt in session.Prompts.Where(p => p.Conversation == conversation))
        {
            if (long.TryParse(prompt.Message, out var comment))
                messages.Add(new() { Key = GitHubReactionContent.KeyPrefix + prompt.Id, Content = new GitHubReactionContent("eyes", comment).ToString(), Editable = false, Prompt = prompt.Id });
            var answer = prompt.IsOver ? MarkdownSplitter.Split(prompt.Answer, MostAnswer) : [];
            messages.Add(new()
            {
                Key = $"prompt:{prompt.Id}", Content = Comment(session, prompt, answer, conversation, now), Urgent = IsUrgent(prompt, now), Prompt = prompt.Id, ShowsProgress = true, Awaited = Awaited(prompt),
            });
            messages.AddRange(Continued(prompt, answer));
        }

        if (messages.Count > 0 && session.Candidates.Count > 0)
            messages.Add(new() { Key = $"candidates:{session.Id}", Content = Candidates(session), Urgent = true });
        return messages;
    }

    public static SurfaceMessage Render(Notice notice) =>
        new() { Key = $"notice:{notice.Id}", Content = GitHubText.Fit(GitHubText.Prose(notice.Text, MostAnswer), MostCharacters), Editable = false };

    private static bool IsUrgent(PromptView prompt, DateTimeOffset now) =>
        prompt.IsOver || prompt.Permissions.Any(p => p.Outcome is null || now - p.Outcome.At < DecisionIsFresh);

    /// <summary>Whoever deletes a comment does not want its progress, but still waits for the answer, and has to be asked.</summary>
    private static string? Awaited(PromptView prompt)
    {
        if (prompt.IsOver) return "answer";
        var open = prompt.Permissions.Where(p => p.Outcome is null).Select(p => p.Id.Value).ToList();
        return open.Count == 0 ? null : $"permission {string.Join(' ', open)}";
    }

    /// <summary>What of a long answer did not fit into the prompt's own comment.</summary>
    private static IEnumerable<SurfaceMessage> Continued(PromptView prompt, IReadOnlyList<string> answer)
    {
        var shown = Math.Min(answer.Count, MostParts);
        for (var part = 2; part <= shown; part++)
        {
            var rest = part == MostParts && answer.Count > MostParts ? "\n\n… the rest of the answer is too long for GitHub." : "";
            var content = $"_(continued, {part} of {shown})_\n\n{GitHubText.Prose(answer[part - 1], MostAnswer)}{rest}";
            yield return new() { Key = $"prompt:{prompt.Id}:{part}", Content = GitHubText.Fit(content, MostCharacters), Urgent = true };
        }
    }

    private string Comment(SessionView session, PromptView prompt, IReadOnlyList<string> answer, ConversationKey conversation, DateTimeOffset now)
    {
        IEnumerable<string> parts = prompt.State switch
        {
            PromptState.Queued => [.. GitHubPermissions.Open(prompt)],
            PromptState.Running => [.. GitHubPermissions.Open(prompt), Doing(prompt), Plan(prompt), SoFar(prompt)],
            _ => [Cause(prompt), answer.Count == 0 ? "" : GitHubText.Prose(answer[0], MostAnswer), Outcome(session, prompt, conversation)],
        };
        IEnumerable<string> all = [Head(session, prompt, now), .. parts, Lines(GitHubPermissions.Closed(prompt)), Lines(prompt.Notes.Select(n => $"ℹ️ {GitHubText.Inline(n)}")), Steps(prompt)];
        return GitHubText.Fit(string.Join("\n\n", all.Where(p => p.Length > 0)), MostCharacters);
    }

    private static string Head(SessionView session, PromptView prompt, DateTimeOffset now)
    {
        var state = prompt.State switch
        {
            PromptState.Queued => "⏳ **Queued**",
            PromptState.Running when prompt.StoppedBy is { } by => $"🛑 **Stopping**, as {GitHubPeople.Show(by)} asked",
            PromptState.Running when prompt.Permissions.Any(p => p.Outcome is null) => "✋ **Waiting for permission**",
            PromptState.Running => "⚙️ **Working**",
            PromptState.Completed => "✅ **Done**",
            PromptState.Cancelled => prompt.StoppedBy is { } by ? $"🛑 **Stopped** by {GitHubPeople.Show(by)}" : "🛑 **Cancelled**",
            _ => "❌ **Failed**",
        };
        var branch = session.Branch ?? session.Target?.Branch;
        return Dots(
            state,
            prompt.State == PromptState.Queued && prompt.Ahead > 0 ? $"{prompt.Ahead} ahead" : "",
            prompt is { State: PromptState.Running, StartedAt: { } started } ? Wording.Elapsed(now - started, leastStep: 30) : "",
            session.Target is { } target ? GitHubText.Code(target.Repository.ToString()) + (branch is null ? "" : $" on {GitHubText.Code(branch)}") : "",
            session.Agent.Length > 0 ? GitHubText.Inline(session.Model is { Length: > 0 } model ? $"{session.Agent} ({model})" : session.Agent) : "");
    }

    private static string Doing(PromptView prompt)
    {
        if (prompt.Stage is { Length: > 0 } stage) return $"_{GitHubText.Inline(stage)}_ …";
        var tool = prompt.Items.OfType<TurnItem.Tool>().LastOrDefault(t => t.Call.Status is "in_progress");
        return tool is null ? "" : $"Now: {Title(tool.Call)}";
    }

    // Not as task-list items: people could click those.
    private static string Plan(PromptView prompt) => prompt.Plan.IsEmpty ? "" : "**Plan**\n\n" + Lines(prompt.Plan.Take(40).Select(e => $"* {e.Status switch
    {
        "completed" => "☑️",
        "in_progress" => "▶️",
        _ => "◻️",
    }} {GitHubText.Inline(e.Content)}"));

    private static string SoFar(PromptView prompt) =>
        prompt.Items.OfType<TurnItem.Text>().LastOrDefault() is { } last ? GitHubText.Prose(last.Value, MostSoFar) : "";

    private static string Cause(PromptView prompt) => prompt is { State: PromptState.Failed or PromptState.Cancelled, Cause.Length: > 0 } ? GitHubText.Prose(prompt.Cause, MostSoFar) : "";

    private string Outcome(SessionView session, PromptView prompt, ConversationKey conversation) => Dots(
        prompt.Changes is { } diff ? Wording.Changes(diff) : "",
        prompt.Commit is { Length: > 0 } commit && session.Target is { } target ? $"commit [`{VisibleText.Cut(commit, 7)}`]({new Uri(webUrl, $"{target.Repository}/commit/{Uri.EscapeDataString(commit)}")})" : "",
        session.PullRequest is { } pull && !IsHere(session, pull, conversation) ? $"[pull request {pull.Number}]({pull.Url})" : "",
        prompt.Usage.Total > 0 ? Wording.Tokens(prompt.Usage.Total) : "",
        prompt.Cost is { } cost ? Wording.Money(cost) : "",
        prompt is { StartedAt: { } started, FinishedAt: { } finished } ? Wording.Duration(finished - started) : "");

    private static bool IsHere(SessionView session, PullRequestView pull, ConversationKey conversation) =>
        GitHubPlace.TryParse(conversation, out var place) && place.Number == pull.Number && place.Repository == session.Target?.Repository;

    private static string Steps(PromptView prompt)
    {
        var tools = prompt.Items.OfType<TurnItem.Tool>().ToList();
        if (tools.Count == 0) return "";
        var left = tools.Count > MostSteps ? $"* … {tools.Count - MostSteps} earlier ones\n" : "";
        return $"<details><summary>{Wording.Count(tools.Count, "step")}</summary>\n\n{left}{Lines(tools.TakeLast(MostSteps).Select(t => $"* {Sign(t.Call)} {Title(t.Call)}"))}\n\n</details>";
    }

    private static string Candidates(SessionView session) =>
        "Which repository is this about? Ask again and name one of these:\n\n"
        + Lines(session.Candidates.Select(c => $"* {GitHubText.Code(c.Name.ToString())} {GitHubText.Inline(c.Description)}"));

    private static string Sign(ToolCall call) => call.Status switch
    {
        "completed" => "✔️",
        "failed" => "✖️",
        "in_progress" => "▶️",
        _ => "◻️",
    };

    private static string Title(ToolCall call) => GitHubText.Code(call.Title.Length > 0 ? call.Title : call.Command ?? call.Kind, 160);

    private static string Dots(params ReadOnlySpan<string> parts) => string.Join(" · ", parts.ToArray().Where(p => p.Length > 0));

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);
}
