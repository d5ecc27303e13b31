namespace Bots.Engine.Models;

/// <summary>Agents choose what a call names: in metrics and traces a model goes by the name that the operator or a price list gives it, and by no other.</summary>
public sealed class ModelNames(PriceTable prices, ModelsOptions options)
{
    /// <returns><c>provider/model</c>, or <c>other</c>.</returns>
    public string Of(string provider, string model) => prices.Name(provider, model) ?? options.Known($"{provider}/{model}") ?? "other";
}
