using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Bots.Engine.Permissions;

/// <summary>One rule on tool calls, as people write it: <c>kind: pattern</c>, or a bare pattern for commands.</summary>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Text">As it was written, for people to recognise.</param>
public sealed partial record ToolRule(string Kind, string Pattern, string Text)
{
    public const int MostCharacters = 200;

    public const string Execute = "execute";

    /// <summary>ACP's tool kinds.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["execute", "edit", "delete", "move", "read", "search", "fetch", "think", "switch_mode", "other"];

    /// <summary>Kinds whose patterns are paths.</summary>
    public static bool HasPaths(string kind) => kind is "edit" or "delete" or "move" or "read" or "search";

    /// <param name="problem">What is wrong and how to mend it, to stand after the rule's text; null when nothing is.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ToolRule? rule, [NotNullWhen(false)] out string? problem)
    {
        var (kind, pattern) = Split(text.Trim());
        problem = Problem(text, kind, pattern);
        rule = problem is null ? new ToolRule(kind, HasPaths(kind) ? pattern : Collapse(pattern), text.Trim()) : null;
        return rule is not null;
    }

    /// <summary>Blanks as the comparison sees them: one between two words.</summary>
    internal static string Collapse(string text) => string.Join(' ', text.Split((char[])[' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));

    private static (string Kind, string Pattern) Split(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0) return (Execute, text);
        var (word, rest) = (text[..colon], text[(colon + 1)..]);
        return Kinds.Contains(word) || (Word().IsMatch(word) && rest is "" or [' ', ..]) ? (word, rest.Trim()) : (Execute, text);
    }

    private static string? Problem(string text, string kind, string pattern)
    {
        if (!Kinds.Contains(kind)) return $"'{kind}' is no kind of tool call; use one of {string.Join(", ", Kinds)}, or write execute: before a command";
        if (pattern.Length == 0) return "has no pattern; write * for every call of that kind";
        if (text.Length > MostCharacters) return $"is longer than {MostCharacters} characters; shorten it with *";
        if (text.Any(char.IsControl)) return "holds a line break or another control character; write each rule on a line of its own";
        if (!HasPaths(kind)) return null;
        if (pattern.StartsWith('!')) return "begins with '!', which means nothing here; use another list instead";
        return PathGlob.IsPlain(pattern) ? null : "is no path below the workspace; leave out '.', '..' and the leading '/'";
    }

    [GeneratedRegex("^[A-Za-z_]+$")]
    private static partial Regex Word();
}
