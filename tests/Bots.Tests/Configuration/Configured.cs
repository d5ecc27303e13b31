using Bots.Configuration;
using Bots.Gateway;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Bots.Tests.Configuration;

/// <summary>The configuration a service would have with these keys.</summary>
internal static class Configured
{
    /// <summary>The folder of the sources, from where this test was built.</summary>
    public static string Root => Find(AppContext.BaseDirectory);

    public static IConfiguration With(params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(Root, "appsettings.json"))
            .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value))
            .Build();

    public static ServiceProvider Services(params (string Key, string? Value)[] settings) => Services(With(settings));

    public static ServiceProvider Services(IConfiguration configuration) =>
        new ServiceCollection()
            .AddSingleton(configuration)
            .AddConfiguration(configuration)
            .AddGateway(configuration)
            .BuildServiceProvider();

    /// <summary>What the report says, as <c>key: problem → mend</c>.</summary>
    public static string[] Problems(params (string Key, string? Value)[] settings)
    {
        using var services = Services(settings);
        return [.. ConfigurationReport.Problems(services).Select(problem => $"{problem.Key}: {problem.Problem} → {problem.Mend}")];
    }

    private static string Find(string directory) =>
        File.Exists(Path.Combine(directory, "Bots.sln")) ? directory : Find(Path.GetDirectoryName(directory) ?? throw new DirectoryNotFoundException("Bots.sln"));
}
