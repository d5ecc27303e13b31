using Bots.Engine.Sessions;

namespace Bots.Surfaces;

/// <summary>Words and numbers as people read them, the same on every surface. Plain text: callers escape.</summary>
public static class Wording
{
    private const int TitleLimit = 100;

    /// <summary><c>8 s</c>, <c>3 min 20 s</c>, <c>1 h 5 min</c>.</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "0 s",
        { TotalMinutes: < 1 } => $"{span.Seconds} s",
        { TotalHours: < 1, Seconds: 0 } => $"{span.Minutes} min",
        { TotalHours: < 1 } => $"{span.Minutes} min {span.Seconds} s",
        { Minutes: 0 } => $"{(long)span.TotalHours} h",
        _ => $"{(long)span.TotalHours} h {span.Minutes} min",
    };

    /// <summary>Time gone by, in steps coarse enough that a running clock alone causes few edits: 10 s at first, a minute in the end.</summary>
    /// <param name="leastStep">In seconds; for a surface whose edits are dearer.</param>
    public static string Elapsed(TimeSpan span, int leastStep = 10)
    {
        var step = Math.Max(leastStep, span.TotalMinutes switch { < 2 => 10, < 10 => 30, _ => 60 });
        return Duration(TimeSpan.FromSeconds((long)span.TotalSeconds / step * step));
    }

    /// <summary><c>950 tokens</c>, <c>12.3k tokens</c>, <c>1.2M tokens</c>.</summary>
    public static string Tokens(long count) => count switch
    {
        1 => "1 token",
        < 1_000 => $"{count} tokens",
        < 999_950 => $"{count / 1_000m:0.#}k tokens",
        _ => $"{count / 1_000_000m:0.#}M tokens",
    };

    public static string Money(decimal dollars) => dollars is > 0 and < 0.01m ? "under $0.01" : $"${dollars:0.00}";

    /// <summary><c>+12 −3 in 2 files</c>.</summary>
    public static string Changes(DiffSummary diff) => $"+{diff.Added} −{diff.Removed} in {Count(diff.Files, "file")}";

    public static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    /// <summary>What is being done for a running prompt right now.</summary>
    public static string NowDoing(PromptView prompt)
    {
        if (prompt.StoppedBy is not null) return "Stopping";
        if (prompt.Permissions.Any(p => p.Outcome is null)) return "Waiting for approval";
        if (prompt.Stage is { Length: > 0 } stage) return Capital(stage);
        var open = prompt.Items.OfType<TurnItem.Tool>().LastOrDefault(t => !IsOver(t.Call));
        if (open is not null) return Title(open.Call);
        return prompt.Items is [.., TurnItem.Text] ? "Writing" : "Thinking";
    }

    /// <summary>A tool call's title on one short line; its kind when the agent gave none.</summary>
    public static string Title(ToolCall call)
    {
        string?[] names = [call.Title, call.Command, Capital(call.Kind)];
        return VisibleText.Of(VisibleText.OneLine(names.FirstOrDefault(n => !string.IsNullOrWhiteSpace(n)) ?? "Tool", TitleLimit));
    }

    /// <summary>A tool call's state as one character.</summary>
    public static string Mark(ToolCall call) => call.Status switch { "completed" => "✓", "failed" => "✗", _ => "…" };

    /// <summary>What a permission request asks for: "run a command", "change a file" …</summary>
    public static string Asks(ToolCall call) => call.Kind switch
    {
        "execute" => "run a command",
        "edit" => call.Diffs.Count > 1 ? $"change {call.Diffs.Count} files" : "change a file",
        "delete" => "delete files",
        "move" => "move files",
        "fetch" => "fetch from the network",
        "connect" => "reach a host in this turn",
        "read" => "read files",
        "search" => "search",
        "switch_mode" => "change its mode",
        _ => "use a tool",
    };

    private static bool IsOver(ToolCall call) => call.Status is "completed" or "failed";

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
