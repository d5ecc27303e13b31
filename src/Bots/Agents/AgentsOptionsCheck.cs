using Bots.Configuration;
using Bots.Engine.Agents;
using Bots.Engine.Agents.Known;
using Bots.Engine.Models;

namespace Bots.Agents;

internal sealed class AgentsOptionsCheck(AgentsOptions options, ModelsOptions models) : IConfigurationCheck
{
    public IEnumerable<ConfigurationProblem> Check()
    {
        foreach (var (name, entry) in options.Entries)
        {
            if (entry.Command.Length == 0) yield return new($"Agents:{name}:Command", "is not set", "Set it to the agent's program, as seen inside the sandbox.");
            if (entry.Kind is { } kind && !KnownAgent.All.ContainsKey(kind)) yield return new($"Agents:{name}:Kind", $"no agent '{kind}' is known", $"Leave it out, or choose one of: {string.Join(", ", KnownAgent.All.Keys)}.");
        }

        if (options.SilenceTimeout < TimeSpan.FromSeconds(10) || options.SilenceTimeout > TimeSpan.FromHours(24))
        {
            yield return new("Agents:SilenceTimeout", $"{options.SilenceTimeout} is out of range", "Choose between 00:00:10 and 1.00:00:00.");
        }

        if (!options.Entries.TryGetValue(options.Default, out var agent))
        {
            yield return new("Agents:Default", $"no agent '{options.Default}' is configured", $"Choose one of: {string.Join(", ", options.Entries.Keys)}.");
        }
        else if (Objection(agent) is { } objection)
        {
            yield return new("Agents:Default", $"'{options.Default}' does not fit the models", objection);
        }
        else if (agent.Command.StartsWith(AgentEntry.Folder + "/", StringComparison.Ordinal)
            && !File.Exists(Path.Combine(options.Directory, agent.Command[(AgentEntry.Folder.Length + 1)..])))
        {
            yield return new("Agents:Directory", $"the agent '{options.Default}' is not installed in {options.Directory}", "Run ./dev setup, or npm ci --prefix manifests/agents.");
        }
    }

    /// <summary>A model that nobody serves is the models' own problem.</summary>
    private string? Objection(AgentEntry agent)
    {
        var (providers, model) = (new ModelProviders(models), ModelName.TryParse(models.Default, out var name) ? name : null);
        return model is not null && providers.Find(model.Provider) is null ? null : KnownAgent.All.GetValueOrDefault(agent.Kind ?? options.Default)?.Objection(providers, model);
    }
}
