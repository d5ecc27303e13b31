using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Bots.Surfaces;
using Markdig;
using Markdig.Parsers;
using Markdig.Parsers.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Bots.GitHub;

/// <summary>
/// Puts words that are not ours into a comment: they must ping nobody, close no issue, open no HTML, forge none of our markers, and not run on
/// into what we write after them. What stands in code keeps its characters, so that it can be copied.
/// </summary>
public static partial class GitHubText
{
    private const char Break = '\u200B';

    private const int MostPasses = 8;

    private static readonly MarkdownPipeline Pipeline = Reader();

    /// <summary>Words of others on one short line, made harmless.</summary>
    public static string Inline(string text, int most = 300) => Neutral(VisibleText.OneLine(text, most));

    /// <summary>A code span, whatever is inside. Characters that cannot be seen are shown as their numbers.</summary>
    public static string Code(string text, int most = 200)
    {
        var line = Guarded(VisibleText.Of(VisibleText.OneLine(text, most)));
        if (line.Length == 0) line = " ";
        var ticks = new string('`', Longest(line, '`') + 1);
        var pad = line[0] == '`' || line[^1] == '`' ? " " : "";
        return ticks + pad + line + pad + ticks;
    }

    /// <summary>A fenced block, whatever is inside. Characters that cannot be seen are shown as their numbers.</summary>
    public static string Fence(string text, string language, int most)
    {
        var body = Guarded(VisibleText.Of(text).TrimEnd('\n'));
        var hidden = body.Length - most;
        if (hidden > 0) body = VisibleText.Shorten(body, most);
        var fence = new string('`', Math.Max(3, Longest(body, '`') + 1));
        var block = $"{fence}{language}\n{body}\n{fence}";
        return hidden > 0 ? $"{block}\n⚠️ {hidden.ToString("N0", CultureInfo.InvariantCulture)} more characters are not shown." : block;
    }

    /// <summary>Markdown of an agent's, cut, made harmless and closed.</summary>
    public static string Prose(string markdown, int most) => Closed(Neutral(VisibleText.Shorten(markdown.ReplaceLineEndings("\n").Trim(), most)));

    /// <summary>Takes the effect out of mentions, references, closing keywords, HTML and our own markers.</summary>
    public static string Neutral(string markdown)
    {
        if (!Effective().IsMatch(markdown) && !Tag().IsMatch(markdown) && !OwnMarker().IsMatch(markdown)) return markdown;

        // Escaping a tag can turn what was code into text that counts, so what is code is asked again until nothing changes.
        var text = markdown;
        for (var pass = 0; pass < MostPasses; pass++)
        {
            var escaped = OutsideCode(text, EscapeTags, code => code);
            if (escaped == text) return OutsideCode(text, TakeEffect, Guarded);
            text = escaped;
        }

        return TakeEffect(EscapeTags(text));
    }

    /// <summary>Takes the effect out of mentions and closing keywords only.</summary>
    public static string Quiet(string markdown) =>
        OutsideCode(markdown, static text => Loud().Replace(text, static m => m.Groups["url"].Success ? m.Value : m.Value + Break), code => code);

    /// <summary>Cuts a whole body at a line and closes what is open there.</summary>
    public static string Fit(string body, int most)
    {
        if (body.Length <= most) return body;
        const string Note = "\n\n… the rest is left out here.";
        var room = most - Note.Length - 100;
        var line = body.LastIndexOf('\n', room);
        var cut = Closed(body[..(line > room / 2 ? line : room)]);
        if (Count(cut, "<details>") > Count(cut, "</details>")) cut += "\n\n</details>";
        return cut + Note;
    }

    private static string EscapeTags(string text) => Tag().Replace(text, "&lt;");

    private static string TakeEffect(string text) => Effective().Replace(text, static m => m switch
    {
        { Groups: var g } when g["url"].Success => m.Value,
        { Groups: var g } when g["entity"].Success => "&amp;",
        _ => m.Value + Break,
    });

    private static string OutsideCode(string markdown, Func<string, string> changeText, Func<string, string> changeCode)
    {
        var result = new StringBuilder(markdown.Length + 64);
        var done = 0;
        foreach (var (start, end) in CodeSpans(markdown))
        {
            if (start < done) continue;
            result.Append(changeText(markdown[done..start])).Append(changeCode(markdown[start..end]));
            done = end;
        }

        return result.Append(changeText(markdown[done..])).ToString();
    }

    private static IEnumerable<(int Start, int End)> CodeSpans(string markdown) =>
        Parse(markdown)?.Descendants()
            .Where(n => n is CodeBlock or CodeInline)
            .Select(n => (n.Span.Start, End: Math.Min(n.Span.End + 1, markdown.Length)))
            .Where(s => s.Start >= 0 && s.Start < s.End)
            .OrderBy(s => s.Start)
        ?? Enumerable.Empty<(int, int)>();

    /// <summary>A fence left open would swallow all that follows.</summary>
    private static string Closed(string markdown) =>
        Parse(markdown)?.LastChild is FencedCodeBlock { ClosingFencedCharCount: 0 } open
            ? $"{markdown}\n{new string(open.FencedChar, open.OpeningFencedCharCount)}"
            : markdown;

    /// <summary>Knows no HTML, since none is left where it reads.</summary>
    private static MarkdownPipeline Reader()
    {
        var builder = new MarkdownPipelineBuilder().UsePreciseSourceLocation();
        builder.BlockParsers.TryRemove<HtmlBlockParser>();
        builder.InlineParsers.TryRemove<AutolinkInlineParser>();
        return builder.Build();
    }

    private static MarkdownDocument? Parse(string markdown)
    {
        try
        {
            return Markdown.Parse(markdown, Pipeline);
        }
        catch (ArgumentException)
        {
            // Nested too deeply to be parsed: then nothing in it counts as code.
            return null;
        }
    }

    private static string Guarded(string code) => OwnMarker().Replace(code, m => $"<!{Break}{m.Value[2..]}");

    private static int Longest(string text, char c)
    {
        var (longest, run) = (0, 0);
        foreach (var x in text) longest = Math.Max(longest, run = x == c ? run + 1 : 0);
        return longest;
    }

    private static int Count(string text, string what) => (text.Length - text.Replace(what, "", StringComparison.Ordinal).Length) / what.Length;

    // Entities are turned into characters before GitHub looks for mentions, so "&#64;ana" pings as well as "@ana".
    [GeneratedRegex("""
        (?<close>\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)(?=:?\s+https?://\S+/(?:issues|pull)/\d))
        |(?<url>https?://[a-z0-9.-]+(?::\d+)?(?:/[^\s<>]*)?)
        |(?<mention>(?<![a-z0-9])@(?=[a-z0-9]))
        |(?<reference>(?<!&)\#(?=\d)|\bGH-(?=\d))
        |(?<entity>&(?=(?:\#0*64|\#x0*40|commat|\#0*35|\#x0*23|num);))
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Effective();

    // A plain <https://…> stays. With a backtick inside it would decide what is code after it.
    [GeneratedRegex(@"<(?=[a-z/!?])(?!https?://[^\s<>`]+>)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Tag();

    [GeneratedRegex("""
        (?<close>\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)(?=:?\s+(?:[\w./-]*\#\d|GH-\d|https?://\S+/(?:issues|pull)/\d)))
        |(?<url>https?://[a-z0-9.-]+(?::\d+)?(?:/[^\s<>]*)?)
        |(?<mention>(?<![a-z0-9])@(?=[a-z0-9]))
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Loud();

    [GeneratedRegex(@"<!--(?=\s*bots:)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OwnMarker();
}
