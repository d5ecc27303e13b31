using Bots.Engine.Sessions;

namespace Bots.Surfaces;

/// <summary>A change of a file as lines people can judge: <c>-</c> old, <c>+</c> new, some lines of context around.</summary>
public static class LineDiff
{
    private const long TableLimit = 1_000_000;

    /// <summary>The lines of the change, each with its leading mark; left-out stretches are <c>⋯</c>.</summary>
    public static IReadOnlyList<string> Of(FileDiff diff, int context = 2)
    {
        var (before, after) = (Lines(diff.OldText ?? ""), Lines(diff.NewText));
        var head = 0;
        while (head < before.Length && head < after.Length && before[head] == after[head]) head++;
        var tail = 0;
        while (tail < before.Length - head && tail < after.Length - head && before[^(tail + 1)] == after[^(tail + 1)]) tail++;
        var all = new List<string>();
        all.AddRange(before[..head].Select(Same));
        all.AddRange(Middle(before[head..^tail], after[head..^tail]));
        all.AddRange(before[^tail..].Select(Same));
        return Around(all, context);
    }

    private static IEnumerable<string> Middle(string[] before, string[] after)
    {
        if ((long)before.Length * after.Length > TableLimit) return [.. before.Select(Old), .. after.Select(New)];
        var common = new int[before.Length + 1, after.Length + 1];
        for (var i = before.Length - 1; i >= 0; i--)
        {
            for (var j = after.Length - 1; j >= 0; j--)
            {
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return Walk(before, after, common);
    }

    private static IEnumerable<string> Walk(string[] before, string[] after, int[,] common)
    {
        var (i, j) = (0, 0);
        while (i < before.Length || j < after.Length)
        {
            if (i < before.Length && j < after.Length && before[i] == after[j])
            {
                yield return Same(before[i]);
                (i, j) = (i + 1, j + 1);
            }
            else if (i < before.Length && (j == after.Length || common[i + 1, j] >= common[i, j + 1]))
            {
                yield return Old(before[i++]);
            }
            else
            {
                yield return New(after[j++]);
            }
        }
    }

    private static List<string> Around(List<string> lines, int context)
    {
        var kept = new List<string>();
        var left = 0;
        for (var i = 0; i < lines.Count; i++)
        {
            var near = lines.Skip(Math.Max(0, i - context)).Take(Math.Min(i, context) + context + 1).Any(l => l[0] != ' ');
            if (near)
            {
                if (left > 0) kept.Add("⋯");
                kept.Add(lines[i]);
            }

            left = near ? 0 : left + 1;
        }

        return kept;
    }

    private static string[] Lines(string text)
    {
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        return lines is [.., ""] ? lines[..^1] : lines;
    }

    private static string Same(string line) => " " + line;

    private static string Old(string line) => "-" + line;

    private static string New(string line) => "+" + line;
}
