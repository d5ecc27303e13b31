using System.Text.Json.Nodes;
using Bots.Simulators.Slack.Api;

namespace Bots.Simulators.Slack.Interaction;

/// <summary>What a person filled into a view, as the app gets it.</summary>
internal static class ViewValues
{
    /// <param name="values">By action id or block id; several of one element separated by commas.</param>
    /// <exception cref="SlackDrivingException">A client would not let the person submit this.</exception>
    public static JsonObject Of(SlackView view, IReadOnlyDictionary<string, string> values)
    {
        var state = new JsonObject();
        var elements = Element.In(view.Content.GetProperty("blocks")).Where(e => e.Type is not ("button" or "overflow")).ToList();
        var unknown = values.Keys.Where(k => !elements.Exists(e => e.ActionId == k || e.BlockId == k)).ToList();
        if (unknown.Count > 0)
            throw new SlackDrivingException($"The view '{view.Title}' has no {string.Join(", ", unknown)}.");
        foreach (var element in elements)
        {
            var given = values.GetValueOrDefault(element.ActionId) ?? values.GetValueOrDefault(element.BlockId) ?? Initial(element);
            if (string.IsNullOrEmpty(given) && IsRequired(view, element.BlockId))
                throw new SlackDrivingException($"'{element.ActionId}' of the view '{view.Title}' must be filled in.");
            CheckLength(element, given);
            var block = state[element.BlockId] as JsonObject ?? [];
            state[element.BlockId] = block;
            block[element.ActionId] = Value(element, string.IsNullOrEmpty(given) ? null : given);
        }

        return new JsonObject { ["values"] = state };
    }

    private static JsonObject Value(Element element, string? given)
    {
        var value = new JsonObject { ["type"] = element.Type };
        switch (element.Type)
        {
            case "static_select" or "radio_buttons":
                value["selected_option"] = given is null ? null : Option(element, given);
                break;
            case "multi_static_select" or "checkboxes":
                value["selected_options"] = new JsonArray([.. (given?.Split(',') ?? []).Select(v => Option(element, v))]);
                break;
            case "users_select" or "channels_select" or "conversations_select":
                value[$"selected_{element.Type[..^8]}"] = given;
                break;
            case "datepicker":
                value["selected_date"] = given;
                break;
            case "timepicker":
                value["selected_time"] = given;
                break;
            default:
                value["value"] = given;
                break;
        }

        return value;
    }

    private static JsonNode Option(Element element, string value) => element.Option(value) is { } option
        ? MessageJson.ToNode(option)!
        : throw new SlackDrivingException($"'{element.ActionId}' has no option '{value}'.");

    private static string? Initial(Element element) =>
        element.Json.TryGetProperty("initial_value", out var text) ? text.GetString()
        : element.Json.TryGetProperty("initial_option", out var option) ? option.GetProperty("value").GetString()
        : null;

    private static bool IsRequired(SlackView view, string blockId) => view.Content.GetProperty("blocks").EnumerateArray().Any(b =>
        b.GetProperty("block_id").GetString() == blockId && b.GetProperty("type").GetString() == "input"
        && !(b.TryGetProperty("optional", out var optional) && optional.GetBoolean()));

    private static void CheckLength(Element element, string? given)
    {
        if (given is null)
            return;
        if (element.Json.TryGetProperty("max_length", out var max) && given.Length > max.GetInt32())
            throw new SlackDrivingException($"'{element.ActionId}' takes no more than {max.GetInt32()} characters.");
        if (element.Json.TryGetProperty("min_length", out var min) && given.Length < min.GetInt32())
            throw new SlackDrivingException($"'{element.ActionId}' takes no fewer than {min.GetInt32()} characters.");
    }
}
