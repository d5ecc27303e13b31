using System.Text.Json;

namespace Bots.Simulators.Slack.Blocks;

/// <summary>The rules of tables: 100 rows of 20 cells, 10,000 characters.</summary>
internal static class TableCheck
{
    public static void Block(Findings findings, JsonElement block, string at)
    {
        findings.IsObject(block, at, "type", "block_id", "rows", "column_settings");
        findings.Has(block, at, "rows");
        var characters = 0;
        foreach (var (row, pointer) in findings.Items(block, at, "rows", 100))
        {
            if (row.ValueKind != JsonValueKind.Array || row.GetArrayLength() is < 1 or > 20)
            {
                findings.Add("a row is an array of 1 to 20 cells", pointer);
                continue;
            }

            foreach (var (cell, i) in row.EnumerateArray().Select((c, i) => (c, i)))
                characters += Cell(findings, cell, $"{pointer}/{i}");
        }

        if (characters > 10_000)
            findings.Add("must be less than 10001 characters", $"{at}/rows");
    }

    private static int Cell(Findings findings, JsonElement cell, string at)
    {
        switch (Findings.TypeOf(cell))
        {
            case "raw_text":
                findings.IsObject(cell, at, "type", "text");
                findings.RequiredString(cell, at, "text", 10_000);
                return cell.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()!.Length : 0;
            case "rich_text":
                RichTextCheck.Block(findings, cell, at);
                return cell.GetRawText().Length / 4;
            case var other:
                findings.Add($"unsupported type: {other}", $"{at}/type");
                return 0;
        }
    }
}
