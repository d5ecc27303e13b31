using System.Collections.Frozen;

namespace Bots.Engine.Models;

/// <summary>The configured providers with their defaults filled in, by id without regard to case.</summary>
public sealed class ModelProviders
{
    private readonly FrozenDictionary<string, ModelProvider> _byId;

    public ModelProviders(ModelsOptions options)
    {
        _byId = options.Providers
            .Select(entry => Resolve(entry.Key, entry.Value))
            .ToFrozenDictionary(provider => provider.Id, StringComparer.OrdinalIgnoreCase);
        Default = ModelName.TryParse(options.Default, out var name) ? name : null;
    }

    public IReadOnlyCollection<ModelProvider> All => _byId.Values;

    /// <summary>The model agents use unless told otherwise; null when none is set.</summary>
    public ModelName? Default { get; }

    public ModelProvider? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The public service of a kind.</summary>
    public static Uri PublicBaseUrl(ModelKind kind) => kind switch
    {
        ModelKind.Anthropic => new Uri("https://api.anthropic.com"),
        _ => new Uri("https://api.openai.com/v1"),
    };

    /// <summary>The kind an id stands for on its own; null for an id that says nothing.</summary>
    public static ModelKind? WellKnownKind(string id) =>
        id.Contains("anthropic", StringComparison.OrdinalIgnoreCase) ? ModelKind.Anthropic
        : id.Contains("openai", StringComparison.OrdinalIgnoreCase) ? ModelKind.OpenAI
        : null;

    private static ModelProvider Resolve(string id, ModelProviderOptions options)
    {
        // Nearly every server that is not Anthropic's own speaks OpenAI's chat completions.
        var kind = options.Kind ?? WellKnownKind(id) ?? ModelKind.OpenAI;
        var key = string.IsNullOrWhiteSpace(options.ApiKey) ? null : options.ApiKey.Trim();
        return new ModelProvider(id, kind, options.BaseUrl ?? PublicBaseUrl(kind), key);
    }
}
