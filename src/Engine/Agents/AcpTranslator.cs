using System.Text.Json;
using Bots.Engine.Permissions;
using Bots.Engine.Sessions;

namespace Bots.Engine.Agents;

/// <summary>ACP <c>session/update</c> and <c>session/request_permission</c> in our words. Pure. Unknown kinds and fields survive.</summary>
internal static class AcpTranslator
{
    /// <param name="known">The tool call as heard so far; updates carry only what changed.</param>
    public static SessionEvent Update(PromptId prompt, JsonElement update, Func<string, ToolCall?> known) => update.Find("sessionUpdate") switch
    {
        "agent_message_chunk" => new SessionEvent.AgentText(prompt, Text(update.At("content"))),
        "agent_thought_chunk" => new SessionEvent.AgentThought(prompt, Text(update.At("content"))),
        "plan" => new SessionEvent.PlanChanged(prompt, [.. update.At("entries").Items().Select(e => new PlanEntry(e.Find("content") ?? "", e.Find("status") ?? "pending"))]),
        "tool_call" or "tool_call_update" when update.Find("toolCallId") is { } id => new SessionEvent.ToolCallChanged(prompt, Merge(known(id) ?? new ToolCall { Id = id }, update)),
        var kind => new SessionEvent.AgentUpdate(prompt, kind ?? "unknown", update),
    };

    /// <summary>OpenCode and Claude keep their plan with a tool of their own rather than with a plan update. No step of it is worth a line.</summary>
    public static bool IsPlan(JsonElement update) =>
        Todos(update).Count > 0 || "todowrite".Equals(update.Find("title"), StringComparison.OrdinalIgnoreCase);

    /// <summary>What such a tool call says; empty when it says nothing of the plan.</summary>
    public static IReadOnlyList<PlanEntry> Todos(JsonElement update) =>
        [.. update.At("rawInput").At("todos").Items().Select(todo => new PlanEntry(todo.Find("content") ?? "", todo.Find("status") ?? "pending"))];

    public static ToolCall Merge(ToolCall call, JsonElement update)
    {
        var raw = update.At("rawInput");
        var content = update.At("content");
        var diffs = Diffs(content).ToList();
        var status = update.Find("status") ?? call.Status;
        return call with
        {
            Title = update.Find("title") ?? call.Title,
            Kind = update.Find("kind") ?? call.Kind,
            Status = status,
            Command = Command(raw) ?? call.Command,
            Url = raw.Find("url") ?? call.Url,
            Paths = Paths(update.At("locations"), raw) is { Count: > 0 } paths ? paths : call.Paths,
            Diffs = diffs.Count > 0 ? diffs : call.Diffs,
            Output = ToolOutput.Of(content, update.At("rawOutput"), status) ?? call.Output,
        };
    }

    public static IReadOnlyList<PermissionOption> Options(JsonElement parameters) =>
        [.. parameters.At("options").Items().Select(o => new PermissionOption(o.Find("optionId") ?? "", o.Find("name") ?? "", o.Find("kind") ?? ""))];

    public static string Text(JsonElement block) => block.Find("text") ?? (block.Find("type") is { } type and not "text" ? $"[{type}]" : "");

    private static string? Command(JsonElement raw)
    {
        var command = raw.At("command");
        return command.ValueKind switch
        {
            JsonValueKind.String => command.GetString(),
            JsonValueKind.Array => Joined([.. command.Items().Select(part => part.ToString())]),
            _ => null,
        };
    }

    /// <summary>
    /// What a shell is given as its script is the command; the shell around it says nothing. That holds for the system's own shells only, and
    /// of anything else each word stays one word: people, rules and grants go by this text.
    /// </summary>
    private static string Joined(string[] words) => words is ["sh" or "bash" or "zsh" or "/bin/sh" or "/bin/bash" or "/bin/zsh" or "/usr/bin/sh" or "/usr/bin/bash" or "/usr/bin/zsh", "-c" or "-lc", var script]
        ? script
        : string.Join(' ', words.Select(ShellWord.Quoted));

    private static List<string> Paths(JsonElement locations, JsonElement raw)
    {
        var paths = locations.Items().Select(l => l.Find("path")).OfType<string>().ToList();
        foreach (var property in (string[])["filePath", "file_path", "filepath", "path"])
        {
            if (raw.Find(property) is { Length: > 0 } path) paths.Add(path);
        }

        return [.. paths.Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<FileDiff> Diffs(JsonElement content) =>
        from item in content.Items()
        where item.Find("type") == "diff" && item.Find("path") is not null
        select new FileDiff(item.Find("path")!, item.Find("oldText"), item.Find("newText") ?? "");
}
