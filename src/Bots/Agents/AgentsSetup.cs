using System.Runtime.InteropServices;
using Bots.Configuration;
using Bots.Engine.Agents;

namespace Bots.Agents;

/// <summary>Section <c>Agents</c>: <c>Default</c>, <c>Directory</c>, <c>SilenceTimeout</c>, and one entry per agent.</summary>
public static class AgentsSetup
{
    public static IServiceCollection AddAgents(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(_ => Read(configuration.GetSection("Agents")));
        services.AddSingleton<IConfigurationCheck, AgentsOptionsCheck>();
        return services;
    }

    internal static AgentsOptions Read(IConfigurationSection section) => new()
    {
        Default = section["Default"] ?? "opencode",
        Directory = Path.GetFullPath(section["Directory"] ?? "manifests/agents"),
        SilenceTimeout = section.GetValue("SilenceTimeout", TimeSpan.FromMinutes(10)),
        Entries = Entries(section),
    };

    private static Dictionary<string, AgentEntry> Entries(IConfigurationSection section)
    {
        var entries = new Dictionary<string, AgentEntry>(StringComparer.OrdinalIgnoreCase) { ["opencode"] = OpenCode() };
        foreach (var child in section.GetChildren().Where(c => c.GetChildren().Any()))
        {
            var known = entries.GetValueOrDefault(child.Key);
            entries[child.Key] = new AgentEntry
            {
                Command = child["Command"] ?? known?.Command ?? "",
                Arguments = child.GetSection("Arguments").Get<string[]>() ?? known?.Arguments ?? [],
                Environment = child.GetSection("Environment").Get<Dictionary<string, string>>() ?? known?.Environment ?? new Dictionary<string, string>(),
            };
        }

        return entries;
    }

    /// <summary>The platform's own binary from the npm package; the package's launcher needs a postinstall step that downloads.</summary>
    private static AgentEntry OpenCode() => new()
    {
        Command = $"{AgentEntry.Folder}/node_modules/opencode-linux-{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64")}/bin/opencode",
        Arguments = ["acp"],
    };
}
