using System.Text.Json;

namespace Bots.Simulators.Slack.Blocks;

/// <summary>The rules of plans and task cards.</summary>
internal static class TaskCheck
{
    public static void Plan(Findings findings, JsonElement block, string at)
    {
        findings.IsObject(block, at, "type", "block_id", "title", "tasks");
        findings.RequiredString(block, at, "title", 255);
        foreach (var (task, pointer) in findings.Items(block, at, "tasks", 50, min: 0))
            Card(findings, task, pointer);
    }

    public static void Card(Findings findings, JsonElement block, string at)
    {
        if (!findings.IsObject(block, at, "type", "block_id", "task_id", "title", "status", "details", "output", "sources"))
            return;
        findings.RequiredString(block, at, "task_id", 255);
        findings.RequiredString(block, at, "title", 255);
        findings.OneOf(block, at, "status", "pending", "in_progress", "complete", "error");
        foreach (var name in new[] { "details", "output" })
        {
            if (block.TryGetProperty(name, out var text) && Findings.TypeOf(text) != "rich_text")
                findings.Add("must be a rich_text block", $"{at}/{name}");
            else if (block.TryGetProperty(name, out text))
                RichTextCheck.Block(findings, text, $"{at}/{name}");
        }
    }
}
