using Bots.Engine.Gateway;
using Bots.Engine.Permissions;
using Bots.Engine.Prompts;
using Bots.Engine.Sandboxes;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;

namespace Bots.Engine.Turns;

/// <summary>What a turn works with.</summary>
internal sealed record TurnContext(IStore Store, SessionLog Log, PermissionStore Permissions, PromptStore Prompts, ModelTrouble Models, SandboxPaths Paths, TimeProvider Clock)
{
    public required PromptRow Prompt { get; init; }

    public required SessionRow Session { get; init; }

    public required SessionView View { get; init; }

    /// <summary>The agent's own id of its session.</summary>
    public required string AgentSession { get; init; }

    /// <summary>
    /// The workspace being brought up to date. Until then the agent may read, but whatever changes or runs something waits; when it
    /// fails, so does the turn.
    /// </summary>
    public required Task Synced { get; init; }

    /// <summary>What may be done without asking, and what not at all.</summary>
    public required PolicyRules Rules { get; init; }

    /// <summary>How long the agent may say nothing while nobody is asked anything.</summary>
    public required TimeSpan Silence { get; init; }

    /// <summary>How long the whole turn may take.</summary>
    public required TimeSpan Limit { get; init; }

    /// <summary>When that is over, by <see cref="SteadyTime"/>.</summary>
    public required TimeSpan Deadline { get; init; }
}
