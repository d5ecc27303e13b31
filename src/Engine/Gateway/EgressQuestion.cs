using System.Data;
using Bots.Engine.Permissions;
using Bots.Engine.Prompts;

namespace Bots.Engine.Gateway;

/// <summary>What people have said so far about one target of a session.</summary>
/// <param name="Prompt">The prompt it is asked in; null when none runs.</param>
/// <param name="MustAsk">True when nobody was asked yet.</param>
/// <param name="Answer">Null while it is open.</param>
internal sealed record EgressQuestion(PromptId? Prompt, bool MustAsk, EgressAnswer? Answer)
{
    /// <param name="asked">The prompt in which a connection began to wait: when that is over, so is the waiting.</param>
    public static EgressQuestion Read(IDbConnection db, SessionId session, EgressTarget target, PromptId? asked = null)
    {
        if (PromptStore.RunningIn(db, session) is not { StoppedBy: null } prompt || (asked is { } before && before != prompt.Id))
            return new EgressQuestion(null, false, new(false, "not on the allow-list, and no turn is running in which people could be asked"));
        return Judge(prompt.Id, PermissionStore.OfTarget(db, session, prompt.Id, target));
    }

    public EgressQuestion Answered(bool allowed, string why) => this with { MustAsk = false, Answer = new(allowed, why) };

    /// <summary>An answer for the session counts first, then this turn's. What was abandoned, since its sandbox was lost, is asked again.</summary>
    internal static EgressQuestion Judge(PromptId prompt, IReadOnlyList<PermissionRow> rows)
    {
        var state = new EgressQuestion(prompt, true, null);
        if (rows.FirstOrDefault(r => r is { State: "allowed", ForSession: true }) is { } always) return state.Answered(true, $"{Who(always)} allowed it for this session");
        if (rows.Any(r => r.State == "pending")) return state with { MustAsk = false };
        if (rows.FirstOrDefault(r => r.State == "denied" && !IsAbandoned(r)) is { } denied)
            return state.Answered(false, denied.DecidedBy is null ? "nobody allowed it in time" : $"{Who(denied)} denied it{(denied.Reason is { Length: > 0 } reason ? $": {reason}" : "")}");
        return rows.FirstOrDefault(r => r.State == "allowed") is { } allowed ? state.Answered(true, $"{Who(allowed)} allowed it for this turn") : state;
    }

    private static bool IsAbandoned(PermissionRow row) => row.DecidedBy is null && row.Reason is null;

    private static string Who(PermissionRow row) => row.DecidedBy?.Name ?? "a rule";
}
