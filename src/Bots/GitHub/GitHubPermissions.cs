using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Surfaces;

namespace Bots.GitHub;

/// <summary>Permission requests inside a prompt's comment. Pure.</summary>
public static class GitHubPermissions
{
    private const int MostOpen = 8;
    private const int MostCharacters = 24_000;

    /// <summary>The open ones, each with what would be done and its checkboxes.</summary>
    public static IEnumerable<string> Open(PromptView prompt)
    {
        var open = prompt.Permissions.Where(p => p.Outcome is null).ToList();
        var room = MostCharacters / Math.Clamp(open.Count, 1, MostOpen);
        foreach (var permission in open.Take(MostOpen)) yield return One(permission, prompt, room);
        if (open.Count > MostOpen) yield return $"…and {open.Count - MostOpen} more, shown as these are answered.";
    }

    /// <summary>One line for each that was decided, or that nobody answered before the end.</summary>
    public static IEnumerable<string> Closed(PromptView prompt) =>
        prompt.Permissions.Where(p => p.Outcome is not null || prompt.IsOver).Select(p => $"{Outcome(p)}");

    private static string One(PermissionView permission, PromptView prompt, int room) => string.Join("\n\n",
        permission.Words is { } words ? $"#### ✋ {GitHubText.Inline(words.Question)}" : $"#### ✋ {Question(permission.Call)}\n\n{Subject(permission.Call, room)}",
        $"Asked for {GitHubPeople.Show(prompt.Author)} · denied by itself at {permission.ExpiresAt.UtcDateTime:HH:mm} UTC",
        string.Join('\n', Choices(permission.Words).Select(c => GitHubMarkers.Checkbox(permission.Id, c.Decision, c.Label))),
        $"or reply `/approve {permission.Id}` / `/deny {permission.Id} reason`");

    private static IEnumerable<(PermissionDecision Decision, string? Label)> Choices(PermissionWords? words)
    {
        yield return (PermissionDecision.AllowOnce, words?.Allow);
        if (words is null or { AllowSession: not null }) yield return (PermissionDecision.AllowSession, words?.AllowSession);
        yield return (PermissionDecision.Deny, words?.Deny);
    }

    private static string Question(ToolCall call) => call.Kind switch
    {
        "execute" => "May I run this?",
        "edit" => "May I change this?",
        "delete" => "May I delete this?",
        "move" => "May I move this?",
        "fetch" => "May I fetch this?",
        "connect" => "May what I run reach this host, in this turn?",
        _ => "May I do this?",
    };

    private static string Subject(ToolCall call, int room)
    {
        if (call.Command is { Length: > 0 } command) return GitHubText.Fence(command, "sh", room);
        if (call.Diffs.Count > 0)
            return string.Join("\n\n", call.Diffs.Take(5).Select(d => $"{GitHubText.Code(d.Path)}\n\n{GitHubText.Fence(Diff(d), "diff", room / Math.Min(5, call.Diffs.Count))}")
                .Concat(call.Diffs.Count > 5 ? [$"⚠️ {call.Diffs.Count - 5} more files are not shown."] : []));
        var title = GitHubText.Code(call.Title.Length > 0 ? call.Title : call.Kind, 1_000);
        return call.Paths.Count == 0 ? title : $"{title}\n\n{string.Join('\n', call.Paths.Take(20).Select(p => $"* {GitHubText.Code(p)}"))}";
    }

    // Made visible line by line: a carriage return inside one must not begin another.
    private static string Diff(FileDiff diff) => string.Join('\n', LineDiff.Of(diff, context: 3).Select(VisibleText.Of));

    private static string Outcome(PermissionView permission)
    {
        var what = permission.Words is { } words ? GitHubText.Inline(words.Question) : Short(permission.Call);
        if (permission.Outcome is not { } outcome) return $"⌛ {what} was not answered before the end";
        var (sign, how) = outcome.Decision switch
        {
            PermissionDecision.AllowOnce => ("✅", "allowed once"),
            PermissionDecision.AllowSession => ("✅", "allowed for this session"),
            _ => ("⛔", "denied"),
        };
        var who = outcome.By is { } by ? $" by {GitHubPeople.Show(by)}" : outcome.Rule is { Length: > 0 } rule ? $" ({GitHubText.Inline(rule)})" : "";
        return $"{sign} {what} {how}{who}{(string.IsNullOrWhiteSpace(outcome.Reason) ? "" : $": {GitHubText.Inline(outcome.Reason)}")}";
    }

    private static string Short(ToolCall call) => GitHubText.Code(
        call.Command is { Length: > 0 } command ? command : call.Title.Length > 0 ? call.Title : call.Paths.Count > 0 ? call.Paths[0] : call.Kind, 120);
}
