using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Bots.Engine.Models;

public static class ModelsSetup
{
    /// <summary>Adds <see cref="ModelsOptions"/> of section <c>Models</c>, <see cref="ModelProviders"/>, <see cref="PriceTable"/> and <see cref="ModelNames"/>.</summary>
    public static IServiceCollection AddModels(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(_ => configuration.GetSection("Models").Get<ModelsOptions>() ?? new ModelsOptions());
        services.AddSingleton(provider => new ModelProviders(provider.GetRequiredService<ModelsOptions>()));
        services.AddSingleton(provider => new PriceTable(provider.GetRequiredService<ModelsOptions>().Prices));
        services.AddSingleton<ModelNames>();
        return services;
    }
}
