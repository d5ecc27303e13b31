using Bots.Engine.Agents.Known;
using Bots.Engine.Models;
using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Agents;

/// <summary>How an entry of the configuration becomes a process in a sandbox that reaches its models through the gateway. Pure.</summary>
public sealed class AgentLauncher(AgentsOptions agents, ModelProviders models)
{
    /// <param name="model"><c>provider/model</c>; null leaves the choice to the agent.</param>
    /// <exception cref="AgentException">There is no such entry, or it cannot use the model.</exception>
    internal AgentLaunch Start(string agent, string? model)
    {
        if (!agents.Entries.TryGetValue(agent, out var entry))
        {
            throw new AgentException($"No agent '{agent}' is configured. Add it under `Agents`, or choose one of: {string.Join(", ", agents.Entries.Keys)}.");
        }

        var chosen = ModelName.TryParse(model, out var name) ? name : null;
        var known = KnownAgent.All.GetValueOrDefault(entry.Kind ?? agent);
        if (known?.Objection(models, chosen) is { } objection) throw new AgentException(objection);
        var launch = known?.Launch(entry, models, chosen) ?? new AgentLaunch(Unknown(entry, model));
        var environment = new Dictionary<string, string>(launch.Process.Environment, StringComparer.Ordinal);
        foreach (var (key, value) in entry.Environment) environment[key] = value;
        return launch with { Process = launch.Process with { Environment = environment } };
    }

    /// <summary>An agent nobody knows finds its model beside <c>BOTS_GATEWAY</c> and <c>BOTS_TOKEN</c>; its entry says how it takes them up.</summary>
    private static ProcessStart Unknown(AgentEntry entry, string? model) => new(entry.Command, entry.Arguments)
    {
        Environment = new Dictionary<string, string> { ["BOTS_MODEL"] = model ?? "" },
    };
}
