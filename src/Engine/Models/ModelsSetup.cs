using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Bots.Engine.Models;

public static class ModelsSetup
{
    /// <summary>Binds section <c>Models</c> and adds <see cref="ModelProviders"/> and <see cref="PriceTable"/>.</summary>
    public static IServiceCollection AddModels(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ModelsOptions>().Bind(configuration.GetSection("Models"));
        services.AddSingleton(provider => new ModelProviders(provider.GetRequiredService<IOptions<ModelsOptions>>().Value));
        services.AddSingleton(provider => new PriceTable(provider.GetRequiredService<IOptions<ModelsOptions>>().Value.Prices));
        return services;
    }
}
