using System.Text.Json;

namespace Bots.Simulators.Slack.Blocks;

/// <summary>The rules of one block.</summary>
internal sealed class BlockCheck(Findings findings, BlockSurface surface)
{
    private readonly ElementCheck _elements = new(findings);

    public void Check(JsonElement block, string at)
    {
        if (block.ValueKind == JsonValueKind.Object)
            findings.String(block, at, "block_id", 255);
        switch (Findings.TypeOf(block))
        {
            case "section":
                Section(block, at);
                break;
            case "divider":
                findings.IsObject(block, at, "type", "block_id");
                break;
            case "header":
                findings.IsObject(block, at, "type", "block_id", "text");
                findings.RequiredText(block, at, "text", 150, plain: true);
                break;
            case "context":
                Context(block, at);
                break;
            case "actions":
                findings.IsObject(block, at, "type", "block_id", "elements");
                Elements(block, at, 25, ElementCheck.InActions);
                break;
            case "context_actions" when surface == BlockSurface.Message:
                findings.IsObject(block, at, "type", "block_id", "elements");
                Elements(block, at, 5, ElementCheck.InContextActions);
                break;
            case "image":
                findings.IsObject(block, at, "type", "block_id", "image_url", "alt_text", "title", "slack_file");
                _elements.Image(block, at);
                findings.Text(block, at, "title", 2000, plain: true);
                break;
            case "input":
                Input(block, at);
                break;
            case "markdown" when surface == BlockSurface.Message:
                findings.IsObject(block, at, "type", "block_id", "text");
                findings.RequiredString(block, at, "text", 12_000);
                break;
            case "rich_text":
                RichTextCheck.Block(findings, block, at);
                break;
            case "table" when surface == BlockSurface.Message:
                TableCheck.Block(findings, block, at);
                break;
            case "plan" when surface == BlockSurface.Message:
                TaskCheck.Plan(findings, block, at);
                break;
            case "task_card" when surface == BlockSurface.Message:
                TaskCheck.Card(findings, block, at);
                break;
            case null:
                findings.Add("missing required field: type", at);
                break;
            case var other:
                findings.Add($"unsupported type: {other}", $"{at}/type");
                break;
        }
    }

    private void Section(JsonElement block, string at)
    {
        findings.IsObject(block, at, "type", "block_id", "text", "fields", "accessory", "expand");
        if (!block.TryGetProperty("text", out _) && !block.TryGetProperty("fields", out _))
            findings.Add("missing required field: text", at);
        findings.Text(block, at, "text", 3000);
        findings.Bool(block, at, "expand");
        foreach (var (field, pointer) in findings.Items(block, at, "fields", 10))
            findings.Text(field, pointer, 2000);
        if (block.TryGetProperty("accessory", out var accessory))
            _elements.Check(accessory, $"{at}/accessory", ElementCheck.InSections);
    }

    private void Context(JsonElement block, string at)
    {
        findings.IsObject(block, at, "type", "block_id", "elements");
        findings.Has(block, at, "elements");
        foreach (var (element, pointer) in findings.Items(block, at, "elements", 10))
        {
            if (Findings.TypeOf(element) == "image")
                _elements.Check(element, pointer, ["image"]);
            else
                findings.Text(element, pointer, 3000);
        }
    }

    private void Elements(JsonElement block, string at, int max, string[] allowed)
    {
        findings.Has(block, at, "elements");
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (element, pointer) in findings.Items(block, at, "elements", max))
        {
            _elements.Check(element, pointer, allowed);
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("action_id", out var id) && id.ValueKind == JsonValueKind.String && !ids.Add(id.GetString()!))
                findings.Add($"`action_id` '{id.GetString()}' is used twice in this block", $"{pointer}/action_id");
        }
    }

    private void Input(JsonElement block, string at)
    {
        findings.IsObject(block, at, "type", "block_id", "label", "element", "hint", "optional", "dispatch_action");
        findings.RequiredText(block, at, "label", 2000, plain: true);
        findings.Text(block, at, "hint", 2000, plain: true);
        findings.Bool(block, at, "optional");
        findings.Bool(block, at, "dispatch_action");
        if (findings.Has(block, at, "element"))
            _elements.Check(block.GetProperty("element"), $"{at}/element", ElementCheck.InInputs);
    }
}
