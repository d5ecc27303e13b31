using System.Text;
using Markdig.Extensions.TaskLists;
using Markdig.Syntax.Inlines;

namespace Bots.Slack.Rendering;

/// <summary>What stands inside a line of Markdown, as mrkdwn or as plain words. Pure.</summary>
internal static class MrkdwnInlines
{
    /// <param name="isBold">True inside something that is bold already, since bold does not nest.</param>
    public static string Of(ContainerInline? inlines, bool isBold)
    {
        var text = new StringBuilder();
        foreach (var inline in inlines ?? []) text.Append(One(inline, isBold));
        return text.ToString();
    }

    /// <summary>The words alone, not escaped.</summary>
    public static string Words(ContainerInline? inlines)
    {
        var text = new StringBuilder();
        foreach (var inline in inlines ?? [])
        {
            text.Append(inline switch
            {
                LiteralInline literal => literal.Content.ToString(),
                CodeInline code => code.Content,
                AutolinkInline link => link.Url,
                HtmlEntityInline entity => entity.Transcoded.ToString(),
                HtmlInline html => html.Tag,
                LineBreakInline => " ",
                ContainerInline container => Words(container),
                _ => "",
            });
        }

        return text.ToString();
    }

    private static string One(Inline inline, bool isBold) => inline switch
    {
        LiteralInline literal => Mrkdwn.Escape(literal.Content.ToString()),
        CodeInline code => Mrkdwn.Code(code.Content),
        EmphasisInline emphasis => Emphasis(emphasis, isBold),
        LinkInline link => Mrkdwn.Link(link.GetDynamicUrl?.Invoke() ?? link.Url ?? "", Words(link)),
        AutolinkInline link => Mrkdwn.Link(link.IsEmail ? "mailto:" + link.Url : link.Url, link.Url),
        HtmlEntityInline entity => Mrkdwn.Escape(entity.Transcoded.ToString()),
        HtmlInline { Tag: "<br>" or "<br/>" or "<br />" } or LineBreakInline => "\n",
        HtmlInline html => Mrkdwn.Escape(html.Tag),
        TaskList task => task.Checked ? "☑" : "☐",
        ContainerInline container => Of(container, isBold),
        _ => "",
    };

    private static string Emphasis(EmphasisInline emphasis, bool isBold)
    {
        var mark = emphasis switch { { DelimiterChar: '~' } => "~", { DelimiterCount: 2 } => "*", _ => "_" };
        var inner = Of(emphasis, isBold || mark == "*").ReplaceLineEndings(" ");
        return string.IsNullOrWhiteSpace(inner) || (isBold && mark == "*") ? inner : mark + inner + mark;
    }
}
