using Bots.Engine.Surfaces;
using Bots.Slack.Wire;

namespace Bots.Slack.Rendering;

/// <summary>The blocks our messages are made of.</summary>
internal static class Kit
{
    /// <summary>Of the fallback text; <c>chat.update</c> takes no more than 4,000 characters.</summary>
    private const int FallbackLimit = 3000;

    /// <summary>The latest ones; all are in the log.</summary>
    public const int MostNotes = 4;

    private const int NoteLimit = 400;

    public static SectionBlock Section(string mrkdwn) => new(TextObject.Mrkdwn(mrkdwn)) { Expand = true };

    /// <summary>As many sections as a long text needs.</summary>
    public static IEnumerable<Block> Sections(string mrkdwn) => MrkdwnSplitter.Split(mrkdwn, Mrkdwn.TextLimit).Select(Section);

    public static ContextBlock Context(string mrkdwn) => new([TextObject.Mrkdwn(Mrkdwn.Clip(mrkdwn, Mrkdwn.TextLimit))]);

    /// <summary>A line of small print: what is known, divided by dots; no line when nothing is.</summary>
    public static IEnumerable<Block> Facts(IEnumerable<string?> facts)
    {
        var line = string.Join(" · ", facts.Where(f => !string.IsNullOrEmpty(f)));
        return line.Length == 0 ? [] : [Context(line)];
    }

    /// <summary>Something people should know that changes nothing.</summary>
    public static ContextBlock Note(string text) => Context("ℹ️ " + Mrkdwn.Short(text, NoteLimit));

    public static ActionsBlock Actions(params IReadOnlyList<Element> elements) => new(elements);

    public static ButtonElement Button(string actionId, string text, string value, string? style = null) =>
        new(TextObject.Plain(text)) { ActionId = actionId, Value = value, Style = style };

    public static SurfaceMessage Message(string key, string fallback, IReadOnlyList<Block> blocks, bool urgent) => new()
    {
        Key = key, Content = new SlackContent.Message(Mrkdwn.Clip(fallback, FallbackLimit), blocks).ToJson(), Urgent = urgent,
    };
}
