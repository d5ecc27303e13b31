using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Bots.Engine;
using Bots.Engine.Intake;

namespace Bots.GitHub;

/// <summary>What we hide in our own comments, as HTML comments that nobody sees: whose message it is, and what a checkbox means. Never a secret.</summary>
public static partial class GitHubMarkers
{
    /// <summary>Puts a message's key into its body, so that it can be found again.</summary>
    public static string WithKey(string content, string key) => $"{content}\n\n{Key(key)}";

    public static string Key(string key) => $"<!-- bots:key={Safe(key)} -->";

    /// <summary>One checkbox of a permission request.</summary>
    /// <param name="label">Null for the usual words. Must be one line.</param>
    public static string Checkbox(PermissionId permission, PermissionDecision decision, string? label = null) =>
        $"- [ ] {label ?? Label(decision)} <!-- bots:decide={permission}:{Word(decision)} -->";

    /// <summary>
    /// The checkboxes that were empty before and are checked now, one decision for each permission request: of several, the one that allows least.
    /// A line that was not there before is none of ours and counts for nothing.
    /// </summary>
    public static IReadOnlyList<(PermissionId Permission, PermissionDecision Decision)> Clicked(string before, string after)
    {
        var empty = Boxes(before).Where(b => !b.Checked).Select(b => (b.Permission, b.Decision)).ToHashSet();
        return
        [
            .. Boxes(after).Where(b => b.Checked && empty.Contains((b.Permission, b.Decision)))
                .GroupBy(b => b.Permission)
                .Select(g => (g.Key, g.Select(b => b.Decision).MinBy(Allows))),
        ];
    }

    private static IEnumerable<(PermissionId Permission, PermissionDecision Decision, bool Checked)> Boxes(string body) =>
        BoxLine().Matches(body).Select(m => (
            new PermissionId(m.Groups["id"].Value),
            m.Groups["word"].Value switch { "once" => PermissionDecision.AllowOnce, "session" => PermissionDecision.AllowSession, _ => PermissionDecision.Deny },
            m.Groups["mark"].Value != " "));

    private static int Allows(PermissionDecision decision) => decision switch
    {
        PermissionDecision.Deny => 0,
        PermissionDecision.AllowOnce => 1,
        _ => 2,
    };

    private static string Label(PermissionDecision decision) => decision switch
    {
        PermissionDecision.AllowOnce => "Approve once",
        PermissionDecision.AllowSession => "Approve always in this session",
        _ => "Deny",
    };

    private static string Word(PermissionDecision decision) => decision switch
    {
        PermissionDecision.AllowOnce => "once",
        PermissionDecision.AllowSession => "session",
        _ => "deny",
    };

    // An HTML comment ends at "--" and ">", so nothing but these characters goes in as it is.
    private static string Safe(string key)
    {
        var safe = new StringBuilder(key.Length);
        foreach (var rune in key.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || rune.Value is ':' or '_' or '.' || (rune.Value is '-' && (safe.Length == 0 || safe[^1] != '-'))) safe.Append(rune);
            else safe.Append(CultureInfo.InvariantCulture, $"%{rune.Value:X2}");
        }

        return safe.ToString();
    }

    [GeneratedRegex(@"^[ \t]*[-*] \[(?<mark>[ xX])\] [^\r\n]*<!-- bots:decide=(?<id>[A-Za-z0-9_]+):(?<word>once|session|deny) -->[ \t]*\r?$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex BoxLine();
}
