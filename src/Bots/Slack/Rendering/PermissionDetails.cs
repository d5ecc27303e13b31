using Bots.Engine.Sessions;
using Bots.Slack.Wire;
using Bots.Surfaces;

namespace Bots.Slack.Rendering;

/// <summary>Exactly what a permission request is about: the command, the change, or else the title and the paths. Pure.</summary>
internal static class PermissionDetails
{
    private const int MostDiffs = 3;
    private const int DiffLines = 40;
    private const int CommandLines = 60;
    private const int PathsShown = 10;
    private const int PathLimit = 120;

    public static IEnumerable<Block> Of(ToolCall call)
    {
        if (call.Command is { Length: > 0 } command) return [.. Title(call, command), Code(command.Split('\n'), CommandLines)];
        if (call.Diffs.Count == 0) return [Kit.Section(Mrkdwn.Escape(Wording.Title(call))), .. Paths(call.Paths)];
        List<Block> blocks = [.. call.Diffs.Take(MostDiffs).SelectMany(Diff)];
        if (call.Diffs.Count > MostDiffs) blocks.Add(Kit.Context($"… and {Wording.Count(call.Diffs.Count - MostDiffs, "more file")}"));
        return blocks;
    }

    private static IEnumerable<Block> Title(ToolCall call, string command) =>
        call.Title.Length == 0 || command.Contains(call.Title, StringComparison.Ordinal) || call.Title.Contains(command, StringComparison.Ordinal) ? [] : [Kit.Section(Mrkdwn.Escape(Wording.Title(call)))];

    private static IEnumerable<Block> Diff(FileDiff diff)
    {
        var lines = LineDiff.Of(diff);
        yield return Kit.Section(Path(diff.Path) + (diff.OldText is null ? " (new file)" : ""));
        if (lines.Count > 0) yield return Code(lines, DiffLines);
    }

    private static IEnumerable<Block> Paths(IReadOnlyList<string> paths)
    {
        if (paths.Count == 0) return [];
        var shown = string.Join('\n', paths.Take(PathsShown).Select(Path));
        var section = Kit.Section(Mrkdwn.Clip(shown, Mrkdwn.TextLimit));
        return paths.Count > PathsShown ? [section, Kit.Context($"… and {paths.Count - PathsShown} more")] : [section];
    }

    /// <summary>The end of a long path says more than its beginning.</summary>
    private static string Path(string path)
    {
        var shown = VisibleText.Of(path);
        return string.IsNullOrWhiteSpace(shown) ? "(no path)" : Mrkdwn.Code(shown.Length <= PathLimit ? shown : "…" + shown[^(PathLimit - 1)..]);
    }

    /// <summary>As many lines as fit, and how many do not: an approver must know that there is more.</summary>
    private static SectionBlock Code(IReadOnlyList<string> lines, int most)
    {
        var room = Mrkdwn.TextLimit - 100;
        var shown = new List<string>();
        foreach (var line in lines.Take(most).Select(VisibleText.Of))
        {
            var escaped = Mrkdwn.Escape(line).Length + 1;
            if (escaped > room) break;
            room -= escaped;
            shown.Add(line);
        }

        if (shown.Count > 0) return Kit.Section(Mrkdwn.Block(string.Join('\n', shown)) + (shown.Count < lines.Count ? $"\n… *{Wording.Count(lines.Count - shown.Count, "more line")}*" : ""));
        var start = Mrkdwn.Clip(Mrkdwn.Escape(VisibleText.Of(lines[0])), Mrkdwn.TextLimit - 100);
        return Kit.Section($"```\n{start}\n```\n… *{Wording.Count(lines.Count - 1, "more line")}, and the first one is {lines[0].Length:N0} characters long*");
    }
}
