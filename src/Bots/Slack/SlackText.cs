using System.Text;
using System.Text.RegularExpressions;

namespace Bots.Slack;

/// <summary>Reads the text of Slack's messages: tokens in angle brackets, escapes, mentions. Pure.</summary>
internal static partial class SlackText
{
    /// <summary>True when the text mentions this user.</summary>
    public static bool Mentions(string text, string user) =>
        text.Contains($"<@{user}>", StringComparison.Ordinal) || text.Contains($"<@{user}|", StringComparison.Ordinal);

    /// <summary>The users a text mentions without saying their names.</summary>
    public static IEnumerable<string> Unnamed(string text) =>
        Token().Matches(text).Select(m => m.Groups[1].Value).Where(t => t.StartsWith('@') && !t.Contains('|')).Select(t => t[1..]).Distinct();

    /// <summary>The text as its author sees it, without any mention of <paramref name="bot"/>.</summary>
    /// <param name="names">By user id.</param>
    public static string Plain(string text, string bot, IReadOnlyDictionary<string, string> names)
    {
        var plain = new StringBuilder(text.Length);
        var at = 0;
        foreach (Match token in Token().Matches(text))
        {
            plain.Append(text, at, token.Index - at);
            at = token.Index + token.Length;
            var inner = token.Groups[1].Value;
            if (inner != $"@{bot}" && !inner.StartsWith($"@{bot}|", StringComparison.Ordinal)) plain.Append(Read(inner, names));
            else if (plain.Length == 0 || char.IsWhiteSpace(plain[^1])) at = AfterMention(text, at);
        }

        plain.Append(text, at, text.Length - at);
        return plain.Replace("&lt;", "<").Replace("&gt;", ">").Replace("&amp;", "&").ToString().Trim();
    }

    private static int AfterMention(string text, int at)
    {
        if (at < text.Length && text[at] is ':' or ',') at++;
        while (at < text.Length && text[at] == ' ') at++;
        return at;
    }

    private static string Read(string token, IReadOnlyDictionary<string, string> names)
    {
        var (target, label) = token.IndexOf('|') is >= 0 and var bar ? (token[..bar], token[(bar + 1)..]) : (token, "");
        return target switch
        {
            ['@', .. var user] => "@" + (label.Length > 0 ? label.TrimStart('@') : names.GetValueOrDefault(user, user)),
            ['#', .. var channel] => "#" + (label.Length > 0 ? label : channel),
            ['!', .. var special] => label.Length > 0 ? label : "@" + special.Split('^')[0],
            _ => Link(target, label),
        };
    }

    private static string Link(string target, string label)
    {
        var address = target.StartsWith("mailto:", StringComparison.Ordinal) ? target["mailto:".Length..] : target;
        return label.Length == 0 || address.EndsWith(label, StringComparison.Ordinal) ? address : $"{label} ({address})";
    }

    [GeneratedRegex("<([@#!]?[^<>\n]+)>", RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
