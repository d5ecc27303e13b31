using System.Text.Json.Nodes;
using Bots.Engine.Models;
using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Agents.Known;

/// <summary>Claude Code behind its ACP adapter: one provider that speaks Anthropic's messages, in the environment.</summary>
public sealed record Claude : KnownAgent
{
    /// <summary>It reads its key from a variable, and the session token is known inside the sandbox only.</summary>
    private const string WithKey = "ANTHROPIC_API_KEY=\"$BOTS_TOKEN\" exec \"$0\" \"$@\"";

    public override string Name => "claude";

    public override AgentEntry Installed { get; } = new() { Command = $"{AgentEntry.Folder}/node_modules/@agentclientprotocol/claude-agent-acp/dist/index.js" };

    public override string? Objection(ModelProviders models, ModelName? model) => Speaking(models, model, ModelKind.Anthropic, "Anthropic's messages");

    internal override AgentLaunch Launch(AgentEntry entry, ModelProviders models, ModelName? model) =>
        new(new ProcessStart("/bin/sh", ["-c", WithKey, entry.Command, .. entry.Arguments]) { Environment = Environment(Serving(models, model, ModelKind.Anthropic)!, model) })
        {
            SessionMeta = Meta(),
        };

    private static Dictionary<string, string> Environment(ModelProvider provider, ModelName? model)
    {
        var environment = new Dictionary<string, string>
        {
            ["ANTHROPIC_BASE_URL"] = Gateway(provider),
            ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
            ["CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS"] = "1",
            ["CLAUDE_CODE_DISABLE_CRON"] = "1",
            ["CLAUDE_CODE_DISABLE_WORKFLOWS"] = "1",
            ["CLAUDE_CODE_ENABLE_PROMPT_SUGGESTION"] = "false",
            ["DISABLE_AUTOUPDATER"] = "1",
            ["DISABLE_TELEMETRY"] = "1",
            ["DISABLE_ERROR_REPORTING"] = "1",
            ["NO_BROWSER"] = "1",
        };
        if (model is null) return environment;
        // Its side calls (titles, summaries, helpers) go to the model that is configured too, rather than to one nobody chose.
        foreach (var variable in (string[])["ANTHROPIC_MODEL", "ANTHROPIC_DEFAULT_HAIKU_MODEL", "ANTHROPIC_DEFAULT_SONNET_MODEL", "ANTHROPIC_DEFAULT_OPUS_MODEL", "CLAUDE_CODE_SUBAGENT_MODEL"])
        {
            environment[variable] = model.Model;
        }

        return environment;
    }

    /// <summary>
    /// No settings from files: a repository's could allow commands and run hooks without asking. With them goes its CLAUDE.md, which the
    /// agent is told to read like any other file.
    /// </summary>
    private static JsonObject Meta() => new()
    {
        ["claudeCode"] = new JsonObject { ["options"] = new JsonObject { ["settingSources"] = new JsonArray() } },
        ["systemPrompt"] = new JsonObject { ["append"] = "If the workspace holds a CLAUDE.md or an AGENTS.md, read it before you begin: it describes the conventions of this repository." },
    };
}
