using System.Text.Json;

namespace Bots.Simulators.Slack.Blocks;

/// <summary>What is wrong with a payload, in Slack's words, and the checks all parts share.</summary>
internal sealed class Findings
{
    private readonly List<string> _all = [];

    public IReadOnlyList<string> All => _all;

    public void Add(string text, string pointer) => _all.Add($"[ERROR] {text} [json-pointer:{pointer}]");

    /// <summary>An object with no property but the allowed ones.</summary>
    public bool IsObject(JsonElement element, string pointer, params ReadOnlySpan<string> allowed)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            Add("must be an object", pointer);
            return false;
        }

        foreach (var property in element.EnumerateObject())
        {
            if (!allowed.Contains(property.Name))
                Add($"invalid additional property: {property.Name}", pointer);
        }

        return true;
    }

    public bool Has(JsonElement element, string pointer, string name)
    {
        if (element.TryGetProperty(name, out _))
            return true;
        Add($"missing required field: {name}", pointer);
        return false;
    }

    public void RequiredString(JsonElement element, string pointer, string name, int max)
    {
        if (Has(element, pointer, name))
            String(element, pointer, name, max);
    }

    public void String(JsonElement element, string pointer, string name, int max, int min = 1)
    {
        if (!element.TryGetProperty(name, out var value))
            return;
        if (value.ValueKind != JsonValueKind.String)
            Add("must be a string", $"{pointer}/{name}");
        else
            Length(value.GetString()!, $"{pointer}/{name}", max, min);
    }

    public void Bool(JsonElement element, string pointer, string name)
    {
        if (element.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            Add("must be a boolean", $"{pointer}/{name}");
    }

    public void OneOf(JsonElement element, string pointer, string name, params ReadOnlySpan<string> values)
    {
        if (element.TryGetProperty(name, out var value) && (value.ValueKind != JsonValueKind.String || !values.Contains(value.GetString())))
            Add($"must be one of: {string.Join(", ", values.ToArray())}", $"{pointer}/{name}");
    }

    /// <summary>The elements of an array of allowed length; none when it is no array.</summary>
    public IEnumerable<(JsonElement Item, string Pointer)> Items(JsonElement element, string pointer, string name, int max, int min = 1)
    {
        if (!element.TryGetProperty(name, out var value))
            return [];
        var at = $"{pointer}/{name}";
        if (value.ValueKind != JsonValueKind.Array)
        {
            Add("must be an array", at);
            return [];
        }

        if (value.GetArrayLength() > max)
            Add($"no more than {max} items allowed", at);
        if (value.GetArrayLength() < min)
            Add($"no fewer than {min} items allowed", at);
        return [.. value.EnumerateArray().Select((item, i) => (item, $"{at}/{i}"))];
    }

    public void RequiredText(JsonElement element, string pointer, string name, int max, bool plain = false)
    {
        if (Has(element, pointer, name))
            Text(element, pointer, name, max, plain);
    }

    public void Text(JsonElement element, string pointer, string name, int max, bool plain = false)
    {
        if (element.TryGetProperty(name, out var text))
            Text(text, $"{pointer}/{name}", max, plain);
    }

    /// <summary>A text object.</summary>
    public void Text(JsonElement text, string pointer, int max, bool plain = false)
    {
        var type = TypeOf(text);
        if (type is not ("plain_text" or "mrkdwn") || (plain && type != "plain_text"))
        {
            Add(plain ? "must be a plain_text object" : "must be a plain_text or mrkdwn object", pointer);
            return;
        }

        IsObject(text, pointer, "type", "text", type == "plain_text" ? "emoji" : "verbatim");
        RequiredString(text, pointer, "text", max);
        Bool(text, pointer, "emoji");
        Bool(text, pointer, "verbatim");
    }

    public static string? TypeOf(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;

    private void Length(string value, string pointer, int max, int min)
    {
        if (value.Length > max)
            Add($"must be less than {max + 1} characters", pointer);
        if (value.Length < min)
            Add($"must be more than {min - 1} characters", pointer);
    }
}
