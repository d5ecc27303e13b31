using System.Text.Json;

namespace Bots.Simulators.Slack.Blocks;

/// <summary>The rules of modals.</summary>
internal static class ViewRules
{
    public const int MaxBytes = 250_000;

    public static IReadOnlyList<string> Check(JsonElement view)
    {
        var findings = new Findings();
        if (!findings.IsObject(view, "/view", "type", "title", "blocks", "close", "submit", "private_metadata", "callback_id", "clear_on_close", "notify_on_close", "external_id", "submit_disabled"))
            return findings.All;
        if (Findings.TypeOf(view) != "modal")
            findings.Add("must be one of: modal", "/view/type");
        findings.RequiredText(view, "/view", "title", 24, plain: true);
        findings.Text(view, "/view", "submit", 24, plain: true);
        findings.Text(view, "/view", "close", 24, plain: true);
        findings.String(view, "/view", "private_metadata", 3000, min: 0);
        findings.String(view, "/view", "callback_id", 255, min: 0);
        findings.String(view, "/view", "external_id", 255, min: 0);
        findings.Bool(view, "/view", "clear_on_close");
        findings.Bool(view, "/view", "notify_on_close");
        if (!findings.Has(view, "/view", "blocks"))
            return findings.All;
        if (view.GetProperty("blocks") is not { ValueKind: JsonValueKind.Array } blocks)
        {
            findings.Add("must be an array", "/view/blocks");
            return findings.All;
        }

        BlockRules.Check(blocks, BlockSurface.View, findings, "/view/blocks");
        if (blocks.EnumerateArray().Any(b => Findings.TypeOf(b) == "input") && !view.TryGetProperty("submit", out _))
            findings.Add("missing required field: submit (needed with input blocks)", "/view");
        return findings.All;
    }
}
