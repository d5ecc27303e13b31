using System.Text.Json;
using System.Text.Json.Nodes;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Blocks;

/// <summary>Gives blocks and elements that came without an id one of Slack's own.</summary>
internal static class BlockIds
{
    public static JsonElement Fill(JsonElement blocks)
    {
        var array = JsonNode.Parse(blocks.GetRawText())!.AsArray();
        foreach (var block in array.OfType<JsonObject>())
        {
            block["block_id"] ??= SlackIds.Secret(5);
            foreach (var element in Interactive(block))
                element["action_id"] ??= SlackIds.Secret(5);
        }

        return JsonSerializer.SerializeToElement(array);
    }

    private static IEnumerable<JsonObject> Interactive(JsonObject block) => block["type"]?.GetValue<string>() switch
    {
        "actions" or "context_actions" => block["elements"]!.AsArray().OfType<JsonObject>(),
        "section" when block["accessory"] is JsonObject accessory && accessory["type"]?.GetValue<string>() != "image" => [accessory],
        "input" => [block["element"]!.AsObject()],
        _ => [],
    };
}
