namespace Bots.Engine.Models;

/// <summary>Section <c>Models</c>: the paid services behind the gateway.</summary>
public sealed record ModelsOptions
{
    /// <summary>The model agents use unless told otherwise, as <c>provider/model</c>.</summary>
    public string? Default { get; init; }

    /// <summary>By provider id.</summary>
    public IReadOnlyDictionary<string, ModelProviderOptions> Providers { get; init; } = new Dictionary<string, ModelProviderOptions>();

    /// <summary>Models that may be used, as <c>provider/model</c> with <c>*</c> for any part; empty allows all. A repository may allow fewer.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>
    /// Lets calls use what the provider runs or fetches itself: web search, code, MCP servers, files and images by address. It reaches other
    /// hosts with what the sandbox knows, and no rule of the network holds there.
    /// </summary>
    public bool HostedTools { get; init; }

    public BudgetsOptions Budgets { get; init; } = new();

    /// <summary>By <c>provider/model</c>; goes before every table.</summary>
    public IReadOnlyDictionary<string, ModelPrice> Prices { get; init; } = new Dictionary<string, ModelPrice>();

    /// <summary>A table in the shape of <c>https://models.dev/api.json</c>, fetched once a day; null fetches none.</summary>
    public Uri? PricesUrl { get; init; }

    /// <summary>A file of the same shape; goes before what is fetched.</summary>
    public string? PricesFile { get; init; }

    /// <summary>A model as the default or the list of those that are allowed spells it; null when neither names it.</summary>
    internal string? Known(string model) => Allow.Append(Default).FirstOrDefault(name => model.Equals(name, StringComparison.OrdinalIgnoreCase));
}

public sealed record ModelProviderOptions
{
    /// <summary>OpenAI: up to and including <c>/v1</c>. Anthropic: without <c>/v1</c>. Null is the public service of its kind.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>Secret; stamped on by the gateway.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Null follows from the provider's id: <see cref="ModelProviders.WellKnownKind"/>, OpenAI's otherwise.</summary>
    public ModelKind? Kind { get; init; }

    /// <summary>Without the key, so that it cannot reach a log by accident.</summary>
    public override string ToString() => $"{Kind} {BaseUrl}";
}

/// <summary>The wire protocol of a provider.</summary>
public enum ModelKind
{
    /// <summary>Chat completions and responses, <c>Authorization: Bearer</c>.</summary>
    OpenAI,

    /// <summary>Messages, <c>x-api-key</c>.</summary>
    Anthropic,
}

/// <summary>US dollars for a million tokens.</summary>
public sealed record ModelPrice(decimal Input, decimal Output, decimal? CacheRead = null, decimal? CacheWrite = null);
