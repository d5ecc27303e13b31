using System.Text.Json;

namespace Bots.Engine.Agents;

/// <summary>What a tool printed, out of ACP's content or, for agents that show nothing there, out of its raw output. Pure.</summary>
internal static class ToolOutput
{
    private const int Most = 4000;

    /// <summary>Raw output has no form of its own; these are the names under which agents keep what was printed.</summary>
    private static readonly string[] Names = ["formatted_output", "aggregated_output", "output", "stdout"];

    /// <param name="status">A call that waits has printed nothing: what it shows is what it is about.</param>
    public static string? Of(JsonElement content, JsonElement raw, string status)
    {
        if (status == "pending") return null;
        var texts = content.Items().Where(i => i.Find("type") == "content").Select(i => Unfenced(AcpTranslator.Text(i.At("content")))).ToList();
        if ((texts.Count > 0 ? string.Join('\n', texts) : Raw(raw)) is not { } whole) return null;
        return whole.Length <= Most ? whole : whole[^Most..];
    }

    private static string? Raw(JsonElement raw) => raw.ValueKind == JsonValueKind.String
        ? raw.GetString()
        : Names.Select(name => raw.Find(name)).FirstOrDefault(text => !string.IsNullOrEmpty(text));

    /// <summary>Some agents put output into a Markdown fence. The fence is how they show it, not what was printed.</summary>
    private static string Unfenced(string text)
    {
        var lines = text.Split('\n');
        if (lines.Length < 3 || !lines[0].StartsWith("```", StringComparison.Ordinal)) return text;
        var fence = lines[0][..lines[0].TakeWhile(c => c == '`').Count()];
        return lines[^1] == fence && !lines[1..^1].Any(line => line.StartsWith(fence, StringComparison.Ordinal)) ? string.Join('\n', lines[1..^1]) : text;
    }
}
