using Bots.Engine;
using Bots.Surfaces;

namespace Bots.Slack.Rendering;

/// <summary>Pieces of Slack's mrkdwn. What comes out holds no mention and no link that was not made here.</summary>
internal static class Mrkdwn
{
    /// <summary>Of one text object, with room for the marks around it.</summary>
    public const int TextLimit = 2900;

    private const int LongestUrl = 1500;
    private const int LongestLabel = 300;
    private const string Fence = "```";

    /// <summary>Plain words of somebody else's making, on few lines.</summary>
    public static string Short(string text, int limit) => Clip(Escape(text), limit);

    /// <summary>Plain words as mrkdwn: <c>&amp; &lt; &gt;</c> escaped, and no code block opened by accident.</summary>
    public static string Escape(string text) =>
        BreakFences(text).Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>Code inside a line.</summary>
    public static string Code(string code)
    {
        var line = code.ReplaceLineEndings(" ").Replace('`', 'ˋ').Trim();
        return line.Length == 0 ? "" : $"`{Escape(line)}`";
    }

    /// <summary>A code block; nothing in the code can end it.</summary>
    public static string Block(string code) => $"{Fence}\n{Escape(code.TrimEnd('\n'))}\n{Fence}";

    /// <summary>Mentions somebody of Slack; names anybody else.</summary>
    public static string Mention(Person person) =>
        person.Surface == SlackPlace.Surface && person.Id.Length > 0 && person.Id.All(char.IsAsciiLetterOrDigit) ? $"<@{person.Id}>" : Escape(person.Name);

    /// <summary>A link, if the address is one that people may be sent to; otherwise the label, and the address as text.</summary>
    public static string Link(string address, string label)
    {
        label = VisibleText.Cut(string.Join(' ', label.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), LongestLabel);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https" or "mailto") || uri.AbsoluteUri.Length > LongestUrl)
            return label.Length == 0 || label == address ? Escape(VisibleText.Cut(address, LongestLabel)) : $"{Escape(label)} ({Escape(VisibleText.Cut(address, LongestLabel))})";
        var target = uri.AbsoluteUri.Replace("|", "%7C", StringComparison.Ordinal).Replace("<", "%3C", StringComparison.Ordinal).Replace(">", "%3E", StringComparison.Ordinal).Replace("&", "&amp;", StringComparison.Ordinal);
        return label.Length == 0 || label == address || IsOtherAddress(label, uri) ? $"<{target}>" : $"<{target}|{Escape(label)}>";
    }

    /// <summary>A point in time, in the reader's own time zone.</summary>
    public static string Time(DateTimeOffset at) => $"<!date^{at.ToUnixTimeSeconds()}^{{time}}|{at.UtcDateTime:HH:mm} UTC>";

    /// <summary>The beginning of a mrkdwn text, cut between words and never inside a link or an escape.</summary>
    public static string Clip(string mrkdwn, int limit) =>
        mrkdwn.Length <= limit ? mrkdwn : mrkdwn[..MrkdwnSplitter.CutAt(mrkdwn, limit - 2)].TrimEnd() + " …";

    // A label that shows one address and leads to another would deceive.
    private static bool IsOtherAddress(string label, Uri uri) =>
        label.Contains("://", StringComparison.Ordinal) && !string.Equals(label.TrimEnd('/'), uri.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal);

    private static string BreakFences(string text) =>
        text.Contains(Fence, StringComparison.Ordinal) ? text.Replace("``", "`\u200B`", StringComparison.Ordinal).Replace("``", "`\u200B`", StringComparison.Ordinal) : text;
}
