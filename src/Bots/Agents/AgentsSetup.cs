using Bots.Configuration;
using Bots.Engine.Agents;
using Bots.Engine.Agents.Known;

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
        var entries = KnownAgent.All.Values.ToDictionary(agent => agent.Name, agent => agent.Installed, StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren().Where(c => c.GetChildren().Any()))
        {
            var kind = child["Kind"];
            var known = KnownAgent.All.GetValueOrDefault(kind ?? child.Key)?.Installed;
            entries[child.Key] = new AgentEntry
            {
                Kind = kind,
                Command = child["Command"] ?? known?.Command ?? "",
                Arguments = child.GetSection("Arguments").Get<string[]>() ?? known?.Arguments ?? [],
                Environment = child.GetSection("Environment").Get<Dictionary<string, string>>() ?? new Dictionary<string, string>(),
            };
        }

        return entries;
    }
}
