using System.Runtime.InteropServices;
using System.Text.Json;
using Bots.Engine.Models;
using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Agents.Known;

/// <summary>Codex behind its ACP adapter: one provider that speaks OpenAI's responses, as arguments that outweigh any file.</summary>
public sealed record Codex : KnownAgent
{
    private static readonly string Package = $"codex-acp-linux-{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";

    public override string Name => "codex";

    public override AgentEntry Installed { get; } = new() { Command = $"{AgentEntry.Folder}/node_modules/@zed-industries/{Package}/bin/codex-acp" };

    public override string? Objection(ModelProviders models, ModelName? model) => Speaking(models, model, ModelKind.OpenAI, "OpenAI's responses");

    internal override AgentLaunch Launch(AgentEntry entry, ModelProviders models, ModelName? model)
    {
        var arguments = Settings(Serving(models, model, ModelKind.OpenAI)!, model).SelectMany(setting => (string[])["-c", setting]);
        return new(new ProcessStart(entry.Command, [.. entry.Arguments, .. arguments])
        {
            Environment = new Dictionary<string, string> { ["NO_BROWSER"] = "1", ["RUST_LOG"] = "error" },
        });
    }

    /// <summary>
    /// It asks before everything but plain reading. Its own sandbox is off: it stands in one already, in which it could not make another.
    /// Searching the web, which the provider would do for it, is off as well.
    /// </summary>
    private static IEnumerable<string> Settings(ModelProvider provider, ModelName? model) =>
    [
        .. model is null ? Array.Empty<string>() : [$"model={Quoted(model.Model)}"],
        "model_provider=\"gateway\"",
        $"model_providers.gateway={{ name = {Quoted(provider.Id)}, base_url = {Quoted(Gateway(provider))}, env_key = \"BOTS_TOKEN\", wire_api = \"responses\" }}",
        "approval_policy=\"untrusted\"",
        "sandbox_mode=\"danger-full-access\"",
        "web_search=\"disabled\"",
        "features.multi_agent=false",
        "shell_environment_policy.ignore_default_excludes=true",
        "check_for_update_on_startup=false",
        "analytics.enabled=false",
    ];

    /// <summary>A JSON string is a TOML string.</summary>
    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
