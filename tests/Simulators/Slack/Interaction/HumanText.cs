using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Interaction;

/// <summary>What a client makes of what a person types.</summary>
internal static partial class HumanText
{
    /// <summary>Names after an @ become mentions, and what is no mention or link is escaped.</summary>
    public static string Encode(string typed, SlackWorkspace workspace)
    {
        var encoded = Tokens().Split(typed).Select(part => Tokens().IsMatch(part) ? part : Escape(part));
        return Mentions(string.Concat(encoded), workspace);
    }

    /// <summary>The rich text block clients send along.</summary>
    public static JsonElement Blocks(string encoded)
    {
        var runs = UserToken().Split(encoded).Where(p => p.Length > 0).Select(part => UserToken().IsMatch(part)
            ? new JsonObject { ["type"] = "user", ["user_id"] = part[2..^1] }
            : new JsonObject { ["type"] = "text", ["text"] = Unescape(part) });
        return JsonSerializer.SerializeToElement(new JsonArray(new JsonObject
        {
            ["type"] = "rich_text",
            ["block_id"] = SlackIds.Secret(5),
            ["elements"] = new JsonArray(new JsonObject { ["type"] = "rich_text_section", ["elements"] = new JsonArray([.. runs]) }),
        }));
    }

    private static string Mentions(string text, SlackWorkspace workspace)
    {
        foreach (var (name, id) in workspace.Users.SelectMany(u => new[] { (u.Name, u.Id), (u.RealName, u.Id) }).OrderByDescending(n => n.Item1.Length))
            text = Regex.Replace(text, $@"(?<![\w<])@{Regex.Escape(name)}(?!\w)", $"<@{id}>", RegexOptions.IgnoreCase);
        return text;
    }

    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    private static string Unescape(string text) => text.Replace("&lt;", "<").Replace("&gt;", ">").Replace("&amp;", "&");

    [GeneratedRegex(@"(<(?:@[A-Z0-9]+|#C[A-Z0-9]+|https?://[^>|\s]+(?:\|[^>]*)?|mailto:[^>]+|![a-z][^>]*)>)")]
    private static partial Regex Tokens();

    [GeneratedRegex("(<@[A-Z0-9]+>)")]
    private static partial Regex UserToken();
}
