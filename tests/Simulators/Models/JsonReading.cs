using System.Text.Json;

namespace Bots.Simulators.Models;

internal static class JsonReading
{
    public static JsonElement? Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? GetText(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static bool IsTrue(this JsonElement element, string name) => element.Get(name) is { ValueKind: JsonValueKind.True };

    public static bool IsArray(this JsonElement? element) => element is { ValueKind: JsonValueKind.Array };

    public static bool IsObject(this JsonElement? element) => element is { ValueKind: JsonValueKind.Object };
}
