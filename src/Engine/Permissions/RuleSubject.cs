using Bots.Engine.Sessions;

namespace Bots.Engine.Permissions;

/// <summary>A tool call as rules see it. Pure.</summary>
/// <param name="paths">All files it names.</param>
internal sealed class RuleSubject(ToolCall call, IReadOnlyList<string> paths)
{
    private readonly Lazy<CommandParts> _forbidden = new(() => CommandText.ToForbid(call.Command ?? call.Title));

    /// <summary>Whether a rule that asks or denies is about it: one part of the command, or one of the files, is enough.</summary>
    public bool IsConcerned(ToolRule rule)
    {
        if (IsCommand(rule)) return _forbidden.Value.IsTooMuch || _forbidden.Value.Texts.Any(text => Wildcard.Matches(rule.Pattern, text));
        if (rule.Kind != Kind) return false;
        if (IsWhole(rule)) return true;
        return ToolRule.HasPaths(rule.Kind)
            ? paths.Select(PathGlob.Relative).OfType<string>().Any(path => PathGlob.Concerns(rule.Pattern, path))
            : Texts.Any(text => Wildcard.Matches(rule.Pattern, text));
    }

    /// <summary>Whether a rule is about it only because its command is too much to look through: what the rule means may be in it.</summary>
    public bool IsUnclear(ToolRule rule) => IsCommand(rule) && _forbidden.Value.IsTooMuch;

    /// <summary>The rules that together allow all of it; null when something is left, or is not understood.</summary>
    public IReadOnlyList<SourcedRule>? CoveredBy(IReadOnlyList<SourcedRule> rules)
    {
        var kind = call.Command is not null && Kind is ("read" or "search") ? ToolRule.Execute : Kind;
        var own = rules.Where(r => r.Rule.Kind == kind).ToList();
        if (own.Count == 0) return null;
        return kind switch
        {
            ToolRule.Execute => call.Command is { } command && CommandText.ToAllow(command) is { } parts
                ? Each(parts, part => own.Find(r => Wildcard.Matches(r.Rule.Pattern, part)))
                : null,
            _ when call.Command is not null => null,
            "fetch" => call.Url is { } url ? Each([url], _ => own.Find(r => IsPlain(url) && Wildcard.Matches(r.Rule.Pattern, url))) : null,
            _ when ToolRule.HasPaths(kind) => paths.All(IsOwnFile) ? Each(paths, path => own.Find(r => IsWhole(r.Rule) || PathGlob.Covers(r.Rule.Pattern, PathGlob.Relative(path)!))) : null,
            _ => own.Find(r => IsWhole(r.Rule)) is { } whole ? [whole] : null,
        };
    }

    /// <summary>A file below the workspace that is not one of git's own.</summary>
    public static bool IsOwnFile(string path) =>
        PathGlob.Relative(path) is { Length: > 0 } relative && !relative.Split('/').Any(part => part.Equals(".git", StringComparison.OrdinalIgnoreCase));

    /// <summary>A command is one whatever kind the agent says it is.</summary>
    private bool IsCommand(ToolRule rule) => rule.Kind == ToolRule.Execute && (call.Command is not null || call.Kind == ToolRule.Execute);

    /// <summary>Kinds nobody knows yet are the others.</summary>
    private string Kind => ToolRule.Kinds.Contains(call.Kind) ? call.Kind : "other";

    private IEnumerable<string> Texts => new[] { call.Url, call.Title }.OfType<string>();

    private static bool IsWhole(ToolRule rule) => rule.Pattern is "*" or "**";

    private static bool IsPlain(string url) => !url.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));

    private static List<SourcedRule>? Each(IReadOnlyList<string> parts, Func<string, SourcedRule?> find)
    {
        var found = parts.Select(find).ToList();
        return found.Count > 0 && found.TrueForAll(r => r is not null) ? [.. found.OfType<SourcedRule>()] : null;
    }
}
