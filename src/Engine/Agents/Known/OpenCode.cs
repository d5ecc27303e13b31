using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Bots.Engine.Models;
using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Agents.Known;

/// <summary>OpenCode: all providers, in a configuration of its own form.</summary>
public sealed record OpenCode : KnownAgent
{
    public override string Name => "opencode";

    /// <summary>The platform's own binary from the npm package; the package's launcher needs a postinstall step that downloads.</summary>
    public override AgentEntry Installed { get; } = new()
    {
        Command = $"{AgentEntry.Folder}/node_modules/opencode-linux-{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64")}/bin/opencode",
        Arguments = ["acp"],
    };

    public override string? Objection(ModelProviders models, ModelName? model) => null;

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

    internal override AgentLaunch Launch(AgentEntry entry, ModelProviders models, ModelName? model) => new(new ProcessStart("/bin/sh", ["-c", WithoutPluginFetch, entry.Command, .. entry.Arguments])
    {
        Environment = new Dictionary<string, string>
        {
            ["OPENCODE_CONFIG_CONTENT"] = Configuration(models, model).ToJsonString(),
            ["OPENCODE_DISABLE_AUTOUPDATE"] = "1",
            ["OPENCODE_DISABLE_MODELS_FETCH"] = "1",
            ["OPENCODE_DISABLE_LSP_DOWNLOAD"] = "1",
            ["OPENCODE_DISABLE_PROJECT_CONFIG"] = "1",
        },
    });

    private static JsonObject Configuration(ModelProviders models, ModelName? model)
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
        if (model is not null) (configuration["model"], configuration["small_model"]) = (model.ToString(), model.ToString());
        return configuration;
    }

    private static JsonObject Provider(ModelProvider provider, ModelName? model)
    {
        var anthropic = provider.Kind == ModelKind.Anthropic;
        var configured = new JsonObject
        {
            ["npm"] = anthropic ? "@ai-sdk/anthropic" : "@ai-sdk/openai-compatible",
            ["name"] = provider.Id,
            ["options"] = new JsonObject { ["baseURL"] = Gateway(provider) + (anthropic ? "/v1" : ""), ["apiKey"] = "{env:BOTS_TOKEN}" },
        };
        if (model is not null && model.Provider == provider.Id)
        {
            configured["models"] = new JsonObject { [model.Model] = new JsonObject { ["name"] = model.Model, ["tool_call"] = true } };
        }

        return configured;
    }
}
