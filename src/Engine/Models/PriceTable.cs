using System.Collections.Frozen;
using System.Reflection;
using System.Text.RegularExpressions;
using Bots.Engine.Sessions;

namespace Bots.Engine.Models;

/// <summary>What models cost: <c>Models:Prices</c>, then the operator's file, then the list that was fetched last, then the bundled one.</summary>
public sealed partial class PriceTable
{
    private const decimal Million = 1_000_000m;
    private static readonly Lazy<PriceList> Bundled = new(ReadBundled);
    private readonly FrozenDictionary<string, PriceEntry> _overrides;
    private volatile PriceList _file = PriceList.Empty;
    private volatile PriceList _fetched = PriceList.Empty;

    /// <param name="overrides">By <c>provider/model</c>.</param>
    public PriceTable(IReadOnlyDictionary<string, ModelPrice> overrides) =>
        _overrides = overrides.ToFrozenDictionary(entry => entry.Key, entry => new PriceEntry(entry.Value, []), StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes the operator's list from now on.</summary>
    public void UseFile(PriceList list) => _file = list;

    /// <summary>Takes a list that was fetched from now on.</summary>
    public void UseFetched(PriceList list) => _fetched = list;

    /// <summary>US dollars; null when the price is unknown, which is not the same as free.</summary>
    public decimal? Cost(string provider, string model, TokenUsage usage) =>
        Entry(provider, model)?.For(usage.Input + usage.CacheRead + usage.CacheWrite) is not { } price
            ? null
            : (usage.Input * price.Input
                + usage.Output * price.Output
                + usage.CacheRead * (price.CacheRead ?? price.Input)
                + usage.CacheWrite * (price.CacheWrite ?? price.Input)) / Million;

    /// <summary>The price of a model, also when it is named with the date of its release (<c>…-20250929</c>, <c>…-2025-09-29</c>).</summary>
    public ModelPrice? Find(string provider, string model) => Entry(provider, model)?.Price;

    /// <summary>The name under which a model's price is known, in small letters; null when it is not known.</summary>
    public string? Name(string provider, string model) =>
        new[] { $"{provider}/{model}", $"{provider}/{ReleaseDate().Replace(model, "")}" }.FirstOrDefault(name => Exact(name) is not null)?.ToLowerInvariant();

    private PriceEntry? Entry(string provider, string model) =>
        Exact($"{provider}/{model}") ?? Exact($"{provider}/{ReleaseDate().Replace(model, "")}");

    private PriceEntry? Exact(string name) => _overrides.GetValueOrDefault(name) ?? _file.Find(name) ?? _fetched.Find(name) ?? Bundled.Value.Find(name);

    private static PriceList ReadBundled()
    {
        using var json = Assembly.GetExecutingAssembly().GetManifestResourceStream("prices.json")
            ?? throw new InvalidOperationException("The bundled price table is missing from the assembly.");
        return PriceList.Read(json);
    }

    [GeneratedRegex(@"-(\d{8}|\d{4}-\d{2}-\d{2})$")]
    private static partial Regex ReleaseDate();
}
