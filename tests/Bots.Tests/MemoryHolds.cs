using System.Collections.Concurrent;
using Bots.Engine.Rates;
using Microsoft.Extensions.DependencyInjection;

namespace Bots.Tests;

/// <summary>What surfaces closed, in memory.</summary>
public sealed class MemoryHolds : IRateHolds
{
    public ConcurrentDictionary<string, DateTimeOffset> All { get; } = new();

    public IReadOnlyDictionary<string, DateTimeOffset> Open(DateTimeOffset now) => All.Where(h => h.Value > now).ToDictionary();

    public Task Save(string scope, DateTimeOffset until)
    {
        All[scope] = until;
        return Task.CompletedTask;
    }
}

internal static class MemoryHoldsExtensions
{
    public static IServiceCollection AddRates(this IServiceCollection services, MemoryHolds holds) => services.AddSingleton<IRateHolds>(holds).AddSingleton<RateGate>();
}
