using Bots.Engine.Sessions;

namespace Bots.Engine.Permissions;

/// <summary>The rules that answer before a person is asked. Pure.</summary>
public static class PermissionPolicy
{
    /// <summary>
    /// Deny wins over everything; then what somebody allowed for this session; then ask, then allow, then the built-in rules: reading and
    /// searching allow, editing inside the workspace allows, except git's own files, everything else asks. A call with a command is one that
    /// runs it, whatever kind the agent says it is: agents guess it from the command's first words.
    /// </summary>
    /// <param name="grants">Subjects allowed for the session, from <see cref="Subject"/>.</param>
    /// <param name="rules">What the organisation and the repository say.</param>
    public static PolicyAnswer Decide(ToolCall call, IReadOnlySet<string> grants, PolicyRules rules)
    {
        var subject = new RuleSubject(call, Touched(call));
        string Word(string verdict, SourcedRule rule) => subject.IsUnclear(rule.Rule) ? $"too long or too nested to be looked through, so {verdict}" : verdict;
        if (rules.Deny.FirstOrDefault(r => subject.IsConcerned(r.Rule)) is { } denied) return new(PolicyVerdict.Deny, Named(Word("denied", denied), denied));
        if (grants.Contains(Subject(call))) return new(PolicyVerdict.Allow, "allowed for this session");
        if (rules.Ask.FirstOrDefault(r => subject.IsConcerned(r.Rule)) is { } asked) return new(PolicyVerdict.Ask, Named(Word("asked", asked), asked));
        if (subject.CoveredBy([.. rules.Allow]) is { } allowed) return new(PolicyVerdict.Allow, Named("allowed", [.. allowed]));
        return call.Kind switch
        {
            _ when call.Command is not null => new(PolicyVerdict.Ask, "a person decides"),
            "read" or "search" => new(PolicyVerdict.Allow, "reading is allowed"),
            "think" or "switch_mode" => new(PolicyVerdict.Allow, "it touches nothing"),
            "edit" when Touched(call) is { Count: > 0 } paths && paths.All(RuleSubject.IsOwnFile) => new(PolicyVerdict.Allow, "editing in the workspace is allowed"),
            _ => new(PolicyVerdict.Ask, "a person decides"),
        };
    }

    /// <summary>True when a call may change or run something; false when it only reads or thinks.</summary>
    public static bool Touches(ToolCall call) => call.Command is not null || call.Kind is not ("read" or "search" or "think" or "switch_mode");

    /// <summary>What "always in this session" covers: exactly this command, or exactly these files.</summary>
    public static string Subject(ToolCall call) => call.Command is { } command
        ? $"{call.Kind}:{command}"
        : $"{call.Kind}:{string.Join('\n', Touched(call).Order(StringComparer.Ordinal))}{(Touched(call).Count == 0 ? call.Title : "")}";

    private static IReadOnlyList<string> Touched(ToolCall call) =>
        [.. call.Paths.Concat(call.Diffs.Select(d => d.Path)).Distinct(StringComparer.Ordinal)];

    private static string Named(string verdict, params IReadOnlyList<SourcedRule> rules) =>
        $"{verdict} by {string.Join("; ", rules.GroupBy(r => r.Source).Select(g => $"{g.Key}: {string.Join(", ", g.Select(r => r.Rule.Text).Distinct())}"))}";
}

public enum PolicyVerdict
{
    Allow,
    Ask,
    Deny,
}

/// <param name="Rule">In words people read.</param>
public sealed record PolicyAnswer(PolicyVerdict Verdict, string Rule);
