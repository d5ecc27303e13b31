using System.Reflection;
using System.Text.Json;

namespace Bots.Configuration;

/// <summary>One place in <c>appsettings.schema.json</c>: what may stand there. Only the words of JSON Schema that our schema uses are known.</summary>
public sealed class ConfigurationSchema
{
    private static readonly Lazy<JsonElement> Document = new(Read);
    private readonly JsonElement _here;
    private readonly JsonElement? _reference;

    private ConfigurationSchema(JsonElement here)
    {
        _here = here;
        _reference = here.TryGetProperty("$ref", out var reference) ? Document.Value.GetProperty("$defs").GetProperty(reference.GetString()!["#/$defs/".Length..]) : null;
    }

    public static ConfigurationSchema Root => new(Document.Value);

    /// <summary><c>object</c>, <c>array</c>, <c>string</c>, <c>integer</c> or <c>number</c>.</summary>
    public string Type => Text("type") ?? "object";

    public string? Title => Text("title");

    public string? Pattern => Text("pattern");

    public string? Format => Text("format");

    public string? Default => Word("default") is { } value ? value.ToString() : null;

    public bool IsSecret => Word("writeOnly") is { ValueKind: JsonValueKind.True };

    public double? Minimum => Word("minimum")?.GetDouble();

    public double? Maximum => Word("maximum")?.GetDouble();

    public IReadOnlyList<string> Enum => Texts("enum");

    public IReadOnlyList<string> Required => Texts("required");

    /// <summary>The keys with a meaning of their own.</summary>
    public IReadOnlyDictionary<string, ConfigurationSchema> Properties =>
        Word("properties") is { } properties
            ? properties.EnumerateObject().ToDictionary(property => property.Name, property => new ConfigurationSchema(property.Value), StringComparer.OrdinalIgnoreCase)
            : new Dictionary<string, ConfigurationSchema>();

    /// <summary>What stands at a key of the user's own choice; null where there is no such choice.</summary>
    public ConfigurationSchema? AdditionalProperties => Word("additionalProperties") is { ValueKind: JsonValueKind.Object } schema ? new(schema) : null;

    /// <summary>What the entries of a list are.</summary>
    public ConfigurationSchema? Items => Word("items") is { } schema ? new(schema) : null;

    private JsonElement? Word(string name) =>
        _here.TryGetProperty(name, out var own) ? own
        : _reference is { } reference && reference.TryGetProperty(name, out var referred) ? referred
        : null;

    private string? Text(string name) => Word(name)?.GetString();

    private string[] Texts(string name) => Word(name) is { } list ? [.. list.EnumerateArray().Select(item => item.GetString()!)] : [];

    private static JsonElement Read()
    {
        using var json = Assembly.GetExecutingAssembly().GetManifestResourceStream("appsettings.schema.json")
            ?? throw new InvalidOperationException("The configuration's schema is missing from the assembly.");
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
