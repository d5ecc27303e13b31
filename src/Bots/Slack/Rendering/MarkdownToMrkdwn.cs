using System.Text;
using Bots.Surfaces;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace Bots.Slack.Rendering;

/// <summary>Agents write Markdown, Slack shows mrkdwn. Pure. Whatever the Markdown holds, the outcome mentions nobody.</summary>
internal static class MarkdownToMrkdwn
{
    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UsePipeTables().UseTaskLists().UseAutoLinks().UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough).Build();

    public static string Convert(string markdown)
    {
        MarkdownDocument document;
        try
        {
            document = Markdown.Parse(markdown, Pipeline);
        }
        catch (ArgumentException)
        {
            // Nested beyond the parser's limit: nothing a person wrote for people, so it is shown as it is.
            return Mrkdwn.Escape(markdown);
        }

        return Blocks(document, "\n\n").Trim('\n');
    }

    private static string Blocks(ContainerBlock container, string between) =>
        string.Join(between, container.Select(Block).Where(b => b.Length > 0));

    private static string Block(Block block) => block switch
    {
        HeadingBlock heading => Heading(MrkdwnInlines.Of(heading.Inline, isBold: true)),
        CodeBlock code => Mrkdwn.Block(VisibleText.Of(code.Lines.ToString())),
        Table table => Mrkdwn.Block(MrkdwnTable.Of(table)),
        QuoteBlock quote => "> " + Blocks(quote, "\n\n").Replace("\n", "\n> ", StringComparison.Ordinal),
        ListBlock list => List(list),
        ThematicBreakBlock => "──────────",
        LinkReferenceDefinitionGroup => "",
        ContainerBlock container => Blocks(container, "\n\n"),
        LeafBlock { Inline: { } inlines } => MrkdwnInlines.Of(inlines, isBold: false),
        LeafBlock leaf => Mrkdwn.Escape(leaf.Lines.ToString()),
        _ => "",
    };

    private static string Heading(string text) => text.Length == 0 ? "" : $"*{text.ReplaceLineEndings(" ")}*";

    private static string List(ListBlock list)
    {
        var number = list.IsOrdered && int.TryParse(list.OrderedStart, out var first) ? first : 1;
        var lines = new StringBuilder();
        foreach (var item in list.OfType<ListItemBlock>())
        {
            var mark = list.IsOrdered ? $"{number++}. " : "• ";
            lines.Append(mark).AppendLine(Indent(Blocks(item, "\n"))).Replace("\r\n", "\n");
        }

        return lines.ToString().TrimEnd('\n');
    }

    /// <summary>Moves all but the first line in, except code, whose fences must stand at the beginning of a line.</summary>
    private static string Indent(string item)
    {
        var inCode = false;
        var lines = item.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var isFence = lines[i] == "```";
            if (i == 0 && isFence) lines[i] = "\n```";
            else if (i > 0 && !inCode && !isFence) lines[i] = "    " + lines[i];
            if (isFence) inCode = !inCode;
        }

        return string.Join('\n', lines);
    }
}
