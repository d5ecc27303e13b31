using System.Text.Json;

namespace Bots.Simulators.Slack.Blocks;

/// <summary>The rules of rich text.</summary>
internal static class RichTextCheck
{
    public static void Block(Findings findings, JsonElement block, string at)
    {
        findings.IsObject(block, at, "type", "block_id", "elements");
        findings.Has(block, at, "elements");
        foreach (var (part, pointer) in findings.Items(block, at, "elements", int.MaxValue))
            Part(findings, part, pointer);
    }

    private static void Part(Findings findings, JsonElement part, string at)
    {
        switch (Findings.TypeOf(part))
        {
            case "rich_text_section":
                findings.IsObject(part, at, "type", "elements");
                break;
            case "rich_text_preformatted":
                findings.IsObject(part, at, "type", "elements", "border", "language");
                break;
            case "rich_text_quote":
                findings.IsObject(part, at, "type", "elements", "border");
                break;
            case "rich_text_list":
                findings.IsObject(part, at, "type", "elements", "style", "indent", "offset", "border");
                findings.Has(part, at, "style");
                findings.OneOf(part, at, "style", "bullet", "ordered");
                foreach (var (item, pointer) in findings.Items(part, at, "elements", int.MaxValue))
                    Part(findings, item, pointer);
                return;
            case var other:
                findings.Add($"unsupported type: {other}", $"{at}/type");
                return;
        }

        findings.Has(part, at, "elements");
        foreach (var (run, pointer) in findings.Items(part, at, "elements", int.MaxValue, min: 0))
            Run(findings, run, pointer);
    }

    private static void Run(Findings findings, JsonElement run, string at)
    {
        switch (Findings.TypeOf(run))
        {
            case "text":
                findings.IsObject(run, at, "type", "text", "style");
                findings.RequiredString(run, at, "text", int.MaxValue - 1);
                break;
            case "link":
                findings.IsObject(run, at, "type", "url", "text", "style", "unsafe");
                findings.RequiredString(run, at, "url", 3000);
                break;
            case "user":
                findings.RequiredString(run, at, "user_id", 255);
                break;
            case "channel":
                findings.RequiredString(run, at, "channel_id", 255);
                break;
            case "emoji":
                findings.RequiredString(run, at, "name", 255);
                break;
            case "usergroup" or "broadcast" or "color" or "date":
                break;
            case var other:
                findings.Add($"unsupported type: {other}", $"{at}/type");
                break;
        }
    }
}
