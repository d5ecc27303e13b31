using System.Text;

namespace Bots.Bench.Report;

/// <summary>Lays the rows out in columns. Pure.</summary>
public static class Table
{
    public static string Of(IReadOnlyList<Line> lines)
    {
        string[][] rows = [["what", "figure", "target", "beside it", ""], .. lines.Select(Cells)];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows) text.AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        return text.ToString();
    }

    private static string[] Cells(Line line) =>
        [line.What, line.Figure, line.Target, line.Peer, line.Verdict switch { true => "ok", false => "over", null => "" }];
}
