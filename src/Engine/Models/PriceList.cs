using System.Collections.Frozen;
using System.Text.Json;

namespace Bots.Engine.Models;

/// <summary>Prices in the shape of <c>https://models.dev/api.json</c>: provider → models → cost, in US dollars for a million tokens.</summary>
public sealed class PriceList
{
    private readonly FrozenDictionary<string, PriceEntry> _entries;

    private PriceList(IEnumerable<KeyValuePair<string, PriceEntry>> entries) => _entries = entries.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static PriceList Empty { get; } = new([]);

    public int Count => _entries.Count;

    /// <param name="name"><c>provider/model</c>.</param>
    internal PriceEntry? Find(string name) => _entries.GetValueOrDefault(name);

    /// <summary>A model whose cost is missing or not understood is left out: its price is unknown.</summary>
    /// <exception cref="FormatException">This is no such list, or an empty one. The message says what is wrong.</exception>
    public static PriceList Read(Stream json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new FormatException("it is not a JSON object of providers");
            var entries = (
                from provider in document.RootElement.EnumerateObject()
                from model in Members(provider.Value, "models")
                let entry = Entry(model.Value)
                where entry is not null
                select KeyValuePair.Create($"{provider.Name}/{model.Name}", entry)).DistinctBy(e => e.Key, StringComparer.OrdinalIgnoreCase).ToList();
            return entries.Count > 0 ? new PriceList(entries) : throw new FormatException("it holds no prices in the shape of models.dev");
        }
        catch (JsonException problem)
        {
            throw new FormatException("it is not JSON", problem);
        }
    }

    private static PriceEntry? Entry(JsonElement model)
    {
        if (Member(model, "cost") is not { } cost || Price(cost) is not { } price) return null;
        var tiers =
            from tier in Member(cost, "tiers") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : []
            let size = Member(tier, "tier") is { } about ? Number(about, "size") : null
            let above = Price(tier)
            where size > 0 && above is not null
            orderby size descending
            select new PriceTier((long)size, above);
        return new PriceEntry(price, [.. tiers]);
    }

    private static ModelPrice? Price(JsonElement cost) =>
        Number(cost, "input") is { } input && Number(cost, "output") is { } output
            ? new ModelPrice(input, output, Number(cost, "cache_read"), Number(cost, "cache_write"))
            : null;

    private static decimal? Number(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDecimal(out var number) && number is >= 0 and < 1_000_000_000_000m ? number : null;

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    private static IEnumerable<JsonProperty> Members(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Object } value ? value.EnumerateObject() : [];
}

/// <param name="Tiers">What a whole call costs whose input is longer, the longest first.</param>
internal sealed record PriceEntry(ModelPrice Price, IReadOnlyList<PriceTier> Tiers)
{
    /// <param name="input">Tokens of the whole input, cached or not.</param>
    public ModelPrice For(long input) => Tiers.FirstOrDefault(tier => input > tier.Over)?.Price ?? Price;
}

internal sealed record PriceTier(long Over, ModelPrice Price);
