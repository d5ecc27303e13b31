using System.Text.RegularExpressions;

namespace Bots.Simulators.GitHub.Operations;

/// <summary>A <c>- [ ]</c> item of a Markdown body, which people with write access can click.</summary>
/// <param name="Index">Counted from 0 over the whole body, as GitHub's page counts them.</param>
/// <param name="Offset">Where in the body the mark stands.</param>
public sealed record TaskItem(int Index, string Label, bool Checked, int Offset);

/// <summary>Finds and ticks the task items of a body. Pure.</summary>
public static partial class TaskList
{
    /// <summary>The items in order. What stands in a fenced code block or an HTML comment is no item.</summary>
    public static IReadOnlyList<TaskItem> Find(string body)
    {
        var items = new List<TaskItem>();
        string? fence = null;
        var comment = false;
        var offset = 0;
        foreach (var line in body.Split('\n'))
        {
            var opening = Fence().Match(line);
            if (fence is not null)
            {
                if (opening.Success && opening.Value.Trim().StartsWith(fence, StringComparison.Ordinal) && line.Trim().Trim(fence[0]).Length == 0) fence = null;
            }
            else if (!comment && opening.Success)
            {
                fence = opening.Groups[1].Value;
            }
            else if (!comment && Item().Match(line) is { Success: true } item)
            {
                items.Add(new TaskItem(items.Count, item.Groups[2].Value.Trim(), item.Groups[1].Value != " ", offset + item.Groups[1].Index));
            }

            if (fence is null) comment = InComment(line, comment);
            offset += line.Length + 1;
        }

        return items;
    }

    /// <summary>The body after a click on an item.</summary>
    public static string Toggle(string body, TaskItem item) =>
        string.Concat(body.AsSpan(0, item.Offset), item.Checked ? " " : "x", body.AsSpan(item.Offset + 1));

    private static bool InComment(string line, bool comment)
    {
        for (var at = 0; ;)
        {
            var next = line.IndexOf(comment ? "-->" : "<!--", at, StringComparison.Ordinal);
            if (next < 0) return comment;
            at = next + 3;
            comment = !comment;
        }
    }

    [GeneratedRegex(@"^\s{0,3}(`{3,}|~{3,})", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^\s*(?:>\s*)*(?:[-*+]|\d{1,9}[.)])\s+\[([ xX])\]\s+(.*\S)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Item();
}
