using System.Text.Json.Nodes;
using Bots.Engine.Models;
using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Agents;

/// <summary>How an entry of the configuration becomes a process in a sandbox that reaches its models through the gateway. Pure.</summary>
public sealed class AgentLauncher(AgentsOptions agents, ModelProviders models)
{
    /// <summary>Git in the sandbox authenticates with the session token, which stands in the environment only.</summary>
    public static readonly IReadOnlyDictionary<string, string> GitEnvironment = new Dictionary<string, string>
    {
        ["GIT_TERMINAL_PROMPT"] = "0",
        ["GIT_CONFIG_COUNT"] = "1",
        ["GIT_CONFIG_KEY_0"] = "credential.helper",
        ["GIT_CONFIG_VALUE_0"] = """!f() { test "$1" = get && printf 'username=bots\npassword=%s\n' "$BOTS_TOKEN"; }; f""",
    };

    /// <summary>
    /// OpenCode fetches a package for plugins at each start, unless it finds it noted in its own folder. Nobody uses it, and nobody
    /// should be asked whether it may.
    /// </summary>
    private const string WithoutPluginFetch = """
        notes="$HOME/.config/opencode/package-lock.json"
        mkdir -p "$HOME/.config/opencode/node_modules"
        [ -e "$notes" ] || echo '{"packages":{"":{"dependencies":{"@opencode-ai/plugin":"*"}}}}' > "$notes"
        exec "$0" "$@"
        """;

    /// <exception cref="AgentException">There is no such entry.</exception>
    public ProcessStart Start(string agent, string? model)
    {
        if (!agents.Entries.TryGetValue(agent, out var entry))
        {
            throw new AgentException($"No agent '{agent}' is configured. Add it under `Agents`, or choose one of: {string.Join(", ", agents.Entries.Keys)}.");
        }

        var environment = new Dictionary<string, string>(GitEnvironment, StringComparer.Ordinal);
        foreach (var (key, value) in OpenCode(model)) environment[key] = value;
        foreach (var (key, value) in entry.Environment) environment[key] = value;
        return new ProcessStart("/bin/sh", ["-c", WithoutPluginFetch, entry.Command, .. entry.Arguments]) { Environment = environment };
    }

    /// <summary>OpenCode's own configuration: providers on the gateway, every sensitive tool set to ask.</summary>
    private Dictionary<string, string> OpenCode(string? model)
    {
        var providers = new JsonObject();
        foreach (var provider in models.All) providers[provider.Id] = Provider(provider, model);
        var configuration = new JsonObject
        {
            ["$schema"] = "https://opencode.ai/config.json",
            ["autoupdate"] = false,
            ["share"] = "disabled",
            ["permission"] = new JsonObject { ["bash"] = "ask", ["edit"] = "ask", ["webfetch"] = "ask" },
            ["provider"] = providers,
        };
        if (model is not null) (configuration["model"], configuration["small_model"]) = (model, model);
        return new Dictionary<string, string>
        {
            ["OPENCODE_CONFIG_CONTENT"] = configuration.ToJsonString(),
            ["OPENCODE_DISABLE_AUTOUPDATE"] = "1",
            ["OPENCODE_DISABLE_MODELS_FETCH"] = "1",
            ["OPENCODE_DISABLE_LSP_DOWNLOAD"] = "1",
            ["OPENCODE_DISABLE_PROJECT_CONFIG"] = "1",
        };
    }

    private static JsonObject Provider(ModelProvider provider, string? model)
    {
        var anthropic = provider.Kind == ModelKind.Anthropic;
        var configured = new JsonObject
        {
            ["npm"] = anthropic ? "@ai-sdk/anthropic" : "@ai-sdk/openai-compatible",
            ["name"] = provider.Id,
            ["options"] = new JsonObject
            {
                ["baseURL"] = $"{Sandboxes.SandboxPaths.Gateway}/llm/{provider.Id}{(anthropic ? "/v1" : "")}",
                ["apiKey"] = "{env:BOTS_TOKEN}",
            },
        };
        if (model?.Split('/', 2) is [var owner, var name] && owner == provider.Id)
        {
            configured["models"] = new JsonObject { [name] = new JsonObject { ["name"] = name, ["tool_call"] = true } };
        }

        return configured;
    }
}
