using Bots.Engine.Models;
using Bots.Engine.Sandboxes;
using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Agents.Known;

/// <summary>What the platform knows of one coding agent: where its program is, and how it is told of its models and to ask before it acts. Pure.</summary>
public abstract record KnownAgent
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyDictionary<string, KnownAgent> All { get; } =
        new KnownAgent[] { new OpenCode(), new Claude(), new Codex() }.ToDictionary(agent => agent.Name, StringComparer.OrdinalIgnoreCase);

    public abstract string Name { get; }

    /// <summary>The entry it has unless the configuration says otherwise: its npm package in <see cref="AgentEntry.Folder"/>.</summary>
    public abstract AgentEntry Installed { get; }

    /// <summary>Why it cannot work with these models, and how to mend that; null when it can.</summary>
    /// <param name="model">Null leaves the choice to the agent.</param>
    public abstract string? Objection(ModelProviders models, ModelName? model);

    /// <summary>How it is started, once there is no objection.</summary>
    internal abstract AgentLaunch Launch(AgentEntry entry, ModelProviders models, ModelName? model);

    /// <summary>The base URL of a provider behind the gateway, as OpenAI's clients count it or Anthropic's.</summary>
    protected static string Gateway(ModelProvider provider) => $"{SandboxPaths.Gateway}/llm/{provider.Id}";

    /// <summary>Who serves the model, or anybody who speaks the protocol when none is chosen; null when nobody does.</summary>
    protected static ModelProvider? Serving(ModelProviders models, ModelName? model, ModelKind kind) => model is null
        ? models.All.Where(provider => provider.Kind == kind).MinBy(provider => provider.Id, StringComparer.Ordinal)
        : models.Find(model.Provider) is { } provider && provider.Kind == kind ? provider : null;

    /// <summary>The objection of an agent that speaks one protocol only.</summary>
    protected string? Speaking(ModelProviders models, ModelName? model, ModelKind kind, string protocol)
    {
        if (Serving(models, model, kind) is not null) return null;
        var some = models.All.Where(provider => provider.Kind == kind).Select(provider => provider.Id).Order(StringComparer.Ordinal).ToList();
        var mend = some.Count == 0
            ? $"Configure one: set Models:Providers:{{id}}:Kind to {kind.ToString().ToLowerInvariant()}, and its ApiKey."
            : $"Set Models:Default to a model of {string.Join(" or ", some)}, or Agents:Default to another agent.";
        return $"The agent {Name} speaks {protocol}, and {(model is null ? "no configured model provider does" : $"the provider of the model {model} does not")}. {mend}";
    }
}

/// <summary>A process that speaks ACP.</summary>
internal sealed record AgentLaunch(ProcessStart Process)
{
    /// <summary>Goes into <c>_meta</c> of <c>session/new</c> and <c>session/load</c>; null when the agent needs nothing there.</summary>
    public System.Text.Json.Nodes.JsonObject? SessionMeta { get; init; }
}
