using System.Text;
using Bots.Engine.Sessions;

namespace Bots.GitHub;

/// <summary>A change as people read it: what goes, what comes, and three lines around.</summary>
public static class GitHubDiff
{
    private const int Context = 3;

    /// <summary>One hunk over all that differs between the first and the last changed line.</summary>
    public static string Of(FileDiff diff)
    {
        var (before, after) = (Lines(diff.OldText), Lines(diff.NewText));
        var head = Same(before, after, (lines, n) => lines[n], Math.Min(before.Length, after.Length));
        var tail = Same(before, after, (lines, n) => lines[^(n + 1)], Math.Min(before.Length, after.Length) - head);

        var text = new StringBuilder();
        Write(text, ' ', before.AsSpan(Math.Max(0, head - Context)..head));
        Write(text, '-', before.AsSpan(head..^tail));
        Write(text, '+', after.AsSpan(head..^tail));
        Write(text, ' ', after.AsSpan(^tail..Math.Min(after.Length, after.Length - tail + Context)));
        return text.ToString().TrimEnd('\n');
    }

    private static string[] Lines(string? text) => string.IsNullOrEmpty(text) ? [] : text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    private static int Same(string[] before, string[] after, Func<string[], int, string> at, int most)
    {
        var n = 0;
        while (n < most && at(before, n) == at(after, n)) n++;
        return n;
    }

    private static void Write(StringBuilder text, char sign, ReadOnlySpan<string> lines)
    {
        foreach (var line in lines) text.Append(sign).Append(line).Append('\n');
    }
}
