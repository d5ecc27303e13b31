using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bots.Engine.Sessions;

namespace Bots.Engine.Models;

/// <summary>What models cost: a bundled table in the shape of <c>https://models.dev/api.json</c>, overridden by <c>Models:Prices</c>.</summary>
public sealed partial class PriceTable
{
    private const decimal Million = 1_000_000m;
    private static readonly Lazy<FrozenDictionary<string, ModelPrice>> Bundled = new(ReadBundled);
    private readonly FrozenDictionary<string, ModelPrice> _overrides;

    /// <param name="overrides">By <c>provider/model</c>.</param>
    public PriceTable(IReadOnlyDictionary<string, ModelPrice> overrides) =>
        _overrides = overrides.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>US dollars; null when the price is unknown, which is not the same as free.</summary>
    public decimal? Cost(string provider, string model, TokenUsage usage) =>
        Find(provider, model) is not { } price
            ? null
            : (usage.Input * price.Input
                + usage.Output * price.Output
                + usage.CacheRead * (price.CacheRead ?? price.Input)
                + usage.CacheWrite * (price.CacheWrite ?? price.Input)) / Million;

    /// <summary>The price of a model, also when it is named with the date of its release (<c>…-20250929</c>, <c>…-2025-09-29</c>).</summary>
    public ModelPrice? Find(string provider, string model) =>
        Exact($"{provider}/{model}") ?? Exact($"{provider}/{ReleaseDate().Replace(model, "")}");

    /// <summary>Reads prices from models.dev's shape: provider → models → cost, in US dollars for a million tokens. A model without cost is left out.</summary>
    public static IReadOnlyDictionary<string, ModelPrice> Read(Stream json)
    {
        using var document = JsonDocument.Parse(json);
        return (
            from provider in document.RootElement.EnumerateObject()
            from model in provider.Value.GetProperty("models").EnumerateObject()
            where model.Value.TryGetProperty("cost", out _)
            select KeyValuePair.Create($"{provider.Name}/{model.Name}", ReadCost(model.Value.GetProperty("cost")))).ToDictionary();
    }

    private ModelPrice? Exact(string name) => _overrides.GetValueOrDefault(name) ?? Bundled.Value.GetValueOrDefault(name);

    private static ModelPrice ReadCost(JsonElement cost) => new(
        cost.GetProperty("input").GetDecimal(),
        cost.GetProperty("output").GetDecimal(),
        Optional(cost, "cache_read"),
        Optional(cost, "cache_write"));

    private static decimal? Optional(JsonElement cost, string name) =>
        cost.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDecimal() : null;

    private static FrozenDictionary<string, ModelPrice> ReadBundled()
    {
        using var json = Assembly.GetExecutingAssembly().GetManifestResourceStream("prices.json")
            ?? throw new InvalidOperationException("The bundled price table is missing from the assembly.");
        return Read(json).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    [GeneratedRegex(@"-(\d{8}|\d{4}-\d{2}-\d{2})$")]
    private static partial Regex ReleaseDate();
}
