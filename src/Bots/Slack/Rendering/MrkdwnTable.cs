using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace Bots.Slack.Rendering;

/// <summary>A table as aligned text for a code block, since mrkdwn has no tables. Pure.</summary>
internal static class MrkdwnTable
{
    private const int WidestColumn = 60;

    public static string Of(Table table)
    {
        var rows = table.OfType<TableRow>().Select(row => row.OfType<TableCell>().Select(Cell).ToArray()).ToList();
        var widths = Enumerable.Range(0, rows.Max(r => r.Length)).Select(c => Math.Min(WidestColumn, rows.Max(r => c < r.Length ? r[c].Length : 0))).ToArray();
        var lines = rows.Select(row => string.Join("  ", row.Select((cell, c) => cell.PadRight(widths[c]))).TrimEnd()).ToList();
        if (table.OfType<TableRow>().FirstOrDefault() is { IsHeader: true }) lines.Insert(1, string.Join("  ", widths.Select(w => new string('─', w))));
        return string.Join('\n', lines);
    }

    private static string Cell(TableCell cell) =>
        string.Join(' ', cell.Descendants<LeafBlock>().Select(leaf => MrkdwnInlines.Words(leaf.Inline)));
}
