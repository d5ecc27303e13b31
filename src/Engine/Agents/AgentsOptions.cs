namespace Bots.Engine.Agents;

/// <summary>Section <c>Agents</c>: the coding agents that can be run.</summary>
public sealed record AgentsOptions
{
    /// <summary>The entry used unless a request names another.</summary>
    public string Default { get; init; } = "opencode";

    /// <summary>By name.</summary>
    public IReadOnlyDictionary<string, AgentEntry> Entries { get; init; } = new Dictionary<string, AgentEntry>();

    /// <summary>Host folder with the agents' npm packages, seen in the sandbox at <see cref="AgentEntry.Folder"/>.</summary>
    public required string Directory { get; init; }

    /// <summary>An agent that says nothing for this long, while nobody is asked anything, has failed. 10 seconds to 24 hours.</summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>One agent: how it is started.</summary>
public sealed record AgentEntry
{
    /// <summary>Where the agents' packages are seen inside a sandbox.</summary>
    public const string Folder = "/opt/bots/agents";

    /// <summary>Which known agent it is, for its way to be configured; null is the one of the entry's own name, if there is one.</summary>
    public string? Kind { get; init; }

    /// <summary>Absolute in the sandbox, or found on its PATH.</summary>
    public required string Command { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Added to the agent's environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
