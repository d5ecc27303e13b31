using System.Text.Json;
using System.Text.Json.Nodes;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Api;

/// <summary>The arguments of one call, from a form, a query or a JSON body.</summary>
internal sealed class SlackArgs(JsonObject values)
{
    private static readonly string[] Nested = ["blocks", "attachments", "metadata", "view", "loading_messages"];

    public string? Text(string name) => values[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        var other => other.ToJsonString(),
    };

    public string Required(string name) => Text(name) is { Length: > 0 } text
        ? text
        : throw new SlackRefusal("invalid_arguments", $"[ERROR] missing required field: {name}");

    public bool Flag(string name) => Text(name) is "true" or "1";

    /// <exception cref="SlackRefusal">It is not a number in the range.</exception>
    public int Number(string name, int fallback, int max) => Text(name) switch
    {
        null or "" => fallback,
        var text when int.TryParse(text, out var number) && number >= 1 && number <= max => number,
        _ => throw new SlackRefusal("invalid_limit", $"[ERROR] must be between 1 and {max} [json-pointer:/{name}]"),
    };

    /// <summary>A nested value: JSON as it is, or a string that holds JSON.</summary>
    /// <param name="error">The refusal of a string that holds none.</param>
    public JsonElement? Json(string name, string error)
    {
        if (values[name] is not { } node)
            return null;
        if (node is not JsonValue value || !value.TryGetValue<string>(out var text))
            return JsonSerializer.SerializeToElement(node);
        if (text.Length == 0)
            return null;
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException)
        {
            throw new SlackRefusal(error);
        }
    }

    /// <summary>For the log of calls: without the token, nested JSON unfolded.</summary>
    public JsonElement Log()
    {
        var log = new JsonObject();
        foreach (var (name, value) in values.Where(v => v.Key != "token"))
            log[name] = Nested.Contains(name) ? Unfold(value) : value?.DeepClone();
        return JsonSerializer.SerializeToElement(log);
    }

    private static JsonNode? Unfold(JsonNode? node)
    {
        if (node is not JsonValue value || !value.TryGetValue<string>(out var text))
            return node?.DeepClone();
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
