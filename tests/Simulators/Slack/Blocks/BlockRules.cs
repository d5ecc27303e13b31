using System.Text.Json;

namespace Bots.Simulators.Slack.Blocks;

internal enum BlockSurface
{
    Message,
    View,
}

/// <summary>Block Kit's rules for lists of blocks.</summary>
internal static class BlockRules
{
    public static IReadOnlyList<string> Check(JsonElement blocks, BlockSurface surface)
    {
        var findings = new Findings();
        Check(blocks, surface, findings, "/blocks");
        return findings.All;
    }

    /// <summary>Characters in all markdown blocks together; Slack takes 12,000 a message.</summary>
    public static int MarkdownLength(JsonElement blocks) => blocks.EnumerateArray()
        .Where(b => Findings.TypeOf(b) == "markdown" && b.TryGetProperty("text", out var t) && t.ValueKind == JsonValueKind.String)
        .Sum(b => b.GetProperty("text").GetString()!.Length);

    public static void Check(JsonElement blocks, BlockSurface surface, Findings findings, string pointer)
    {
        var max = surface == BlockSurface.Message ? 50 : 100;
        if (blocks.GetArrayLength() > max)
            findings.Add($"no more than {max} items allowed", pointer);

        var ids = new HashSet<string>(StringComparer.Ordinal);
        var tables = 0;
        foreach (var (block, i) in blocks.EnumerateArray().Select((b, i) => (b, i)))
        {
            var at = $"{pointer}/{i}";
            new BlockCheck(findings, surface).Check(block, at);
            if (block.ValueKind == JsonValueKind.Object && block.TryGetProperty("block_id", out var id) && id.ValueKind == JsonValueKind.String && !ids.Add(id.GetString()!))
                findings.Add($"`block_id` '{id.GetString()}' is used twice", $"{at}/block_id");
            if (Findings.TypeOf(block) == "table" && ++tables > 1)
                findings.Add("only one table is allowed in a message", at);
        }
    }
}
