using System.Text.Json;
using Bots.Engine.Models;
using Bots.Engine.Sessions;

namespace Bots.Gateway;

/// <summary>Reads tokens from a provider's own usage fields: whole bodies and the data of stream events alike. The last word counts.</summary>
internal sealed class UsageReader(ModelKind kind)
{
    private long _input;
    private long _output;
    private long _cacheRead;
    private long _cacheWrite;

    /// <summary>Null until the provider has told something.</summary>
    public TokenUsage? Usage { get; private set; }

    public void Read(ReadOnlySpan<byte> json)
    {
        // Nearly all events are deltas: they are told apart without parsing them.
        if (json.IndexOf("\"usage\""u8) < 0) return;
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!JsonDocument.TryParseValue(ref reader, out var document)) return;
            using (document)
            {
                if (Find(document.RootElement) is { } usage) Take(usage);
            }
        }
        catch (JsonException)
        {
            // What is no JSON holds no usage; the caller gets the bytes as they are.
            return;
        }
    }

    private static JsonElement? Find(JsonElement root) =>
        Object(root, "usage") ?? Object(Object(root, "response"), "usage") ?? Object(Object(root, "message"), "usage");

    private void Take(JsonElement usage)
    {
        if (kind == ModelKind.Anthropic)
        {
            // Cumulative; a field that is absent or null is unchanged. Its input is without the cache already.
            _input = Number(usage, "input_tokens") ?? _input;
            _output = Number(usage, "output_tokens") ?? _output;
            _cacheRead = Number(usage, "cache_read_input_tokens") ?? _cacheRead;
            _cacheWrite = Number(usage, "cache_creation_input_tokens") ?? _cacheWrite;
        }
        else
        {
            var details = Object(usage, "prompt_tokens_details") ?? Object(usage, "input_tokens_details");
            _cacheRead = Number(details, "cached_tokens") ?? 0;
            _cacheWrite = Number(details, "cache_write_tokens") ?? 0;
            _input = Math.Max(0, (Number(usage, "prompt_tokens") ?? Number(usage, "input_tokens") ?? 0) - _cacheRead - _cacheWrite);
            _output = Number(usage, "completion_tokens") ?? Number(usage, "output_tokens") ?? 0;
        }

        Usage = new TokenUsage(_input, _output, _cacheRead, _cacheWrite);
    }

    private static JsonElement? Object(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static long? Number(JsonElement? element, string name) =>
        element is { } parent && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? Math.Max(0, number)
            : null;
}
