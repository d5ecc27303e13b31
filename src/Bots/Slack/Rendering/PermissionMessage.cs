using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Surfaces;
using Bots.Slack.Wire;
using Bots.Surfaces;

namespace Bots.Slack.Rendering;

/// <summary>A question before a sensitive tool call, and later how it was answered. Pure.</summary>
internal static class PermissionMessage
{
    private const int AnswerLimit = 1200;

    /// <returns>Null for what a rule allowed at once: nobody was asked.</returns>
    public static SurfaceMessage? Of(SessionView session, PromptView prompt, PermissionView permission)
    {
        if (permission.Outcome is { By: null, Decision: not PermissionDecision.Deny } byRule && byRule.At <= permission.AskedAt) return null;
        var answer = permission.Outcome is { } outcome ? Answer(outcome, permission.Words) : prompt.IsOver ? "🛑 No longer needed" : null;
        var asks = permission.Words is { } words ? Mrkdwn.Escape(words.Question) : $"{Mrkdwn.Escape(Agent(session))} wants to {Wording.Asks(permission.Call)}{In(session)}";
        List<Block> blocks = [Kit.Section($"{(answer is null ? "✋ " : "")}*{asks}* · asked by {Mrkdwn.Mention(prompt.Author)}"), .. permission.Words is null ? PermissionDetails.Of(permission.Call) : []];
        if (answer is null) blocks.AddRange(Question(permission));
        else blocks.Add(Kit.Section(Mrkdwn.Clip(answer, AnswerLimit)));
        return Kit.Message($"permission:{permission.Id}", answer is null ? $"✋ {asks}" : $"{answer} — {asks}", blocks, urgent: true);
    }

    private static string Agent(SessionView session) => session.Agent.Length > 0 ? session.Agent : "The agent";

    private static string In(SessionView session) => session.Target is { } target ? $" in {Mrkdwn.Escape(target.Repository.ToString())}" : "";

    private static IEnumerable<Block> Question(PermissionView permission) =>
    [
        Kit.Context($"Without an answer it is denied at {Mrkdwn.Time(permission.ExpiresAt)}."),
        Kit.Actions([.. permission.Words is { } words ? Buttons(permission.Id.Value, words) : Buttons(permission.Id.Value)]),
    ];

    private static IEnumerable<Element> Buttons(string id) =>
    [
        Kit.Button(SlackActions.ApproveOnce, "Approve once", id, "primary"),
        Kit.Button(SlackActions.ApproveSession, "Always in this session", id),
        Kit.Button(SlackActions.Deny, "Deny", id, "danger"),
        Kit.Button(SlackActions.DenyWithReason, "Deny with reason…", id),
    ];

    private static IEnumerable<Element> Buttons(string id, PermissionWords words)
    {
        yield return Kit.Button(SlackActions.ApproveOnce, words.Allow, id, "primary");
        if (words.AllowSession is { } always) yield return Kit.Button(SlackActions.ApproveSession, always, id);
        yield return Kit.Button(SlackActions.Deny, words.Deny, id, "danger");
    }

    private static string Answer(PermissionOutcome outcome, PermissionWords? words) => outcome switch
    {
        { By: { } by, Decision: not PermissionDecision.Deny } when words is not null => $"✅ {Mrkdwn.Escape(words.Allow)}: {Mrkdwn.Mention(by)}",
        { By: { } by, Decision: PermissionDecision.AllowOnce } => $"✅ Allowed once by {Mrkdwn.Mention(by)}",
        { By: { } by, Decision: PermissionDecision.AllowSession } => $"✅ Allowed for this session by {Mrkdwn.Mention(by)}",
        { By: { } by } => $"⛔ Denied by {Mrkdwn.Mention(by)}{Reason(outcome)}",
        { Decision: not PermissionDecision.Deny } => $"✅ Allowed{Rule(outcome)}",
        { Rule: { } rule } when rule.Contains("expired", StringComparison.OrdinalIgnoreCase) => "⌛ Expired – denied",
        _ => $"⛔ Denied{Rule(outcome)}{Reason(outcome)}",
    };

    private static string Rule(PermissionOutcome outcome) => outcome.Rule is { Length: > 0 } rule ? $" – {Mrkdwn.Escape(rule)}" : "";

    private static string Reason(PermissionOutcome outcome) => outcome.Reason is { Length: > 0 } reason ? $": {Mrkdwn.Escape(reason)}" : "";
}
