using Bots.Engine.Sessions;

namespace Bots.Engine.Models;

/// <summary>What model calls cost.</summary>
public interface IModelPrices
{
    /// <returns>US dollars; null when the price is not known.</returns>
    decimal? Cost(string provider, string model, TokenUsage usage);
}
