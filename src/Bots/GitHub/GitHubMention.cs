using System.Text.RegularExpressions;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Bots.GitHub;

/// <summary>Finds where a comment speaks to the bot: not in code, quotes or HTML, not in an e-mail that it answers to, not as part of an address or a path. Pure.</summary>
public static partial class GitHubMention
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePreciseSourceLocation().Build();

    /// <param name="comment">Line ends are <c>\n</c>.</param>
    /// <param name="names">What the bot is called, without <c>@</c>.</param>
    /// <returns>The mentions, in order.</returns>
    public static IReadOnlyList<Range> In(string comment, IReadOnlyList<string> names)
    {
        if (!comment.Contains('@')) return [];
        var expression = $@"(?<![\w@./+`-])@(?:{string.Join('|', names.Select(Regex.Escape))})(?:\[bot\])?(?![\w/\[@-]|\.\w)";
        var found = Regex.Matches(comment, expression, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        if (found.Count == 0 || Silent(comment) is not { } silent) return [];
        return [.. found.Where(m => !silent.Any(s => s.Start <= m.Index && m.Index < s.End)).Select(m => m.Index..(m.Index + m.Length))];
    }

    /// <summary>The comment without its mentions.</summary>
    public static string Without(string comment, IReadOnlyList<Range> mentions)
    {
        foreach (var mention in mentions.Reverse())
        {
            var (start, end) = (mention.Start.Value, mention.End.Value);
            if (start == 0 || char.IsWhiteSpace(comment[start - 1]))
            {
                if (end < comment.Length && comment[end] is ',' or ':') end++;
                while (end < comment.Length && comment[end] == ' ') end++;
            }

            comment = comment[..start] + comment[end..];
        }

        return comment.Trim();
    }

    /// <summary>Where words speak to nobody; null when that cannot be told.</summary>
    private static List<(int Start, int End)>? Silent(string comment)
    {
        try
        {
            List<(int Start, int End)> silent =
            [
                .. Markdown.Parse(comment, Pipeline).Descendants()
                    .Where(n => n is QuoteBlock or CodeBlock or CodeInline or HtmlBlock or HtmlInline or AutolinkInline or LinkReferenceDefinition)
                    .Select(n => (n.Span.Start, End(n, comment))),
            ];
            if (Answered().Match(comment) is { Success: true } mail) silent.Add((mail.Index, comment.Length));
            return silent;
        }
        catch (ArgumentException)
        {
            // Nested too deeply to be parsed.
            return null;
        }
    }

    /// <summary>A fence that is never closed reaches to the end of what it stands in.</summary>
    private static int End(MarkdownObject node, string comment) => node switch
    {
        FencedCodeBlock { ClosingFencedCharCount: 0, Parent: MarkdownDocument } => comment.Length,
        FencedCodeBlock { ClosingFencedCharCount: 0, Parent: { } parent } => Math.Max(parent.Span.End, node.Span.End) + 1,
        _ => node.Span.End + 1,
    };

    // Below such a line stands the e-mail that is answered to, not always with a > before each line.
    [GeneratedRegex(@"^(?:-{2,} ?(?:Original|Forwarded) message\b.*|On [^\n]{1,200}(?:\n[^\n]{1,100})?\bwrote:)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Answered();
}
