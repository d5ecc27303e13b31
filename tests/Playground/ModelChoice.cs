using Bots.Simulators.Models;

namespace Bots.Playground;

/// <summary>Which model the agent works with. Pure.</summary>
/// <param name="Name">For the page.</param>
/// <param name="About">For the page: what that means.</param>
/// <param name="IsScripted">No real model is called.</param>
/// <param name="Environment">What the service is told about it.</param>
internal sealed record ModelChoice(string Name, string About, bool IsScripted, IReadOnlyDictionary<string, string> Environment)
{
    private const string Provider = "playground";

    private const string Scripted = "scripted";

    private static readonly (string Variable, string Provider, string Kind, string Model)[] Known =
    [
        ("ANTHROPIC_API_KEY", "anthropic", "Anthropic", "anthropic/claude-sonnet-4-5"),
        ("OPENAI_API_KEY", "openai", "OpenAI", "openai/gpt-5"),
    ];

    /// <summary>What the environment asks for: its own <c>Models__…</c>, a known provider's key, or else the script.</summary>
    public static ModelChoice From(IReadOnlyDictionary<string, string> environment, ModelSimulator script) => From(environment, script.VersionedUrl, script.ApiKey);

    internal static ModelChoice From(IReadOnlyDictionary<string, string> environment, Uri scriptUrl, string scriptKey)
    {
        var model = environment.GetValueOrDefault("Models__Default");
        if (environment.Keys.Any(key => key.StartsWith("Models__Providers__", StringComparison.OrdinalIgnoreCase)))
            return new ModelChoice(model ?? "your model", "A real model, as your environment configures it.", false, new Dictionary<string, string>());

        foreach (var known in Known)
        {
            if (environment.GetValueOrDefault(known.Variable) is not { Length: > 0 } key) continue;
            var chosen = model ?? known.Model;
            return new ModelChoice(chosen, $"A real model, with the key of {known.Variable}. Models__Default chooses another one.", false, new Dictionary<string, string>
            {
                ["Models__Default"] = chosen,
                [$"Models__Providers__{known.Provider}__Kind"] = known.Kind,
                [$"Models__Providers__{known.Provider}__ApiKey"] = key,
            });
        }

        return new ModelChoice("Scripted model", "It knows a few requests by heart and pretends to have a price. Set ANTHROPIC_API_KEY or OPENAI_API_KEY and start again for a real one.", true, new Dictionary<string, string>
        {
            ["Models__Default"] = $"{Provider}/{Scripted}",
            [$"Models__Providers__{Provider}__Kind"] = "OpenAI",
            [$"Models__Providers__{Provider}__BaseUrl"] = scriptUrl.AbsoluteUri,
            [$"Models__Providers__{Provider}__ApiKey"] = scriptKey,
            [$"Models__Prices__{Provider}/{Scripted}__Input"] = "3",
            [$"Models__Prices__{Provider}/{Scripted}__Output"] = "15",
        });
    }
}
