using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>The JSON body of a call, read as strictly as the original reads it.</summary>
internal sealed class Input
{
    private readonly JsonObject _body;

    private Input(JsonObject body) => _body = body;

    /// <exception cref="ApiException">400: the body is not a JSON object.</exception>
    public static Input Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return new Input([]);
        try
        {
            return new Input(JsonNode.Parse(text) as JsonObject ?? throw new ApiException(400, "Body should be a JSON object"));
        }
        catch (JsonException)
        {
            throw new ApiException(400, "Problems parsing JSON");
        }
    }

    public bool Has(string name) => _body.ContainsKey(name);

    /// <exception cref="ApiException">422: the field is missing or no string.</exception>
    public string Required(string name) =>
        Has(name) ? Text(name) ?? throw ApiException.Schema($"For 'properties/{name}', nil is not a string.") : throw ApiException.Schema($"\"{name}\" wasn't supplied.");

    /// <exception cref="ApiException">422: the field is there and no string.</exception>
    public string? Text(string name) => _body[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        var other => throw ApiException.Schema($"For 'properties/{name}', {other.ToJsonString()} is not a string."),
    };

    /// <exception cref="ApiException">422: the field is missing or no integer.</exception>
    public long Id(string name) => _body[name] is JsonValue value && value.TryGetValue<long>(out var number)
        ? number
        : throw ApiException.Schema($"For 'properties/{name}', {_body[name]?.ToJsonString() ?? "nil"} is not an integer.");

    /// <inheritdoc cref="Id"/>
    public int Number(string name) => checked((int)Id(name));

    /// <exception cref="ApiException">422: the field is there and no boolean.</exception>
    public bool? Flag(string name) => _body[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
        var other => throw ApiException.Schema($"For 'properties/{name}', {other.ToJsonString()} is not a boolean."),
    };

    /// <exception cref="ApiException">422: the field is there and no object.</exception>
    public Input? Object(string name) => _body[name] switch
    {
        null => null,
        JsonObject value => new Input(value),
        var other => throw ApiException.Schema($"For 'properties/{name}', {other.ToJsonString()} is not an object."),
    };

    /// <exception cref="ApiException">422: the field is there and no array.</exception>
    public JsonArray? Array(string name) => _body[name] switch
    {
        null => null,
        JsonArray value => value,
        var other => throw ApiException.Schema($"For 'properties/{name}', {other.ToJsonString()} is not an array."),
    };

    /// <summary>The elements of an array of objects.</summary>
    public IReadOnlyList<Input>? Objects(string name) => Array(name)?
        .Select(node => node is JsonObject element ? new Input(element) : throw ApiException.Schema($"Invalid element in '{name}'."))
        .ToList();

    public IEnumerable<KeyValuePair<string, JsonNode?>> Properties => _body;

    public JsonObject Copy() => (JsonObject)_body.DeepClone();
}
