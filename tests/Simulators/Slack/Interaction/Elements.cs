using System.Text.Json;

namespace Bots.Simulators.Slack.Interaction;

/// <summary>Something in a message or view that a person can act on.</summary>
internal sealed record Element(string BlockId, JsonElement Json)
{
    public string ActionId => Json.GetProperty("action_id").GetString()!;

    public string Type => Json.GetProperty("type").GetString()!;

    public string? Value => Json.TryGetProperty("value", out var value) ? value.GetString() : null;

    /// <summary>The option with this value, in the list or in one of its groups.</summary>
    public JsonElement? Option(string value)
    {
        var options = Items(Json, "options").Concat(Items(Json, "option_groups").SelectMany(g => Items(g, "options")));
        foreach (var option in options)
        {
            if (option.GetProperty("value").GetString() == value)
                return option;
        }

        return null;
    }

    public static IEnumerable<Element> In(JsonElement? blocks)
    {
        if (blocks is not { ValueKind: JsonValueKind.Array } list)
            yield break;
        foreach (var block in list.EnumerateArray())
        {
            var id = block.GetProperty("block_id").GetString()!;
            foreach (var element in Of(block).Where(e => e.TryGetProperty("action_id", out _)))
                yield return new Element(id, element);
        }
    }

    private static List<JsonElement> Of(JsonElement block) => block.GetProperty("type").GetString() switch
    {
        "actions" or "context_actions" => Items(block, "elements"),
        "section" when block.TryGetProperty("accessory", out var accessory) => [accessory],
        "input" => [block.GetProperty("element")],
        _ => [],
    };

    private static List<JsonElement> Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var items) ? [.. items.EnumerateArray()] : [];
}
