using Bots.Engine.Models;

namespace Bots.Gateway;

/// <summary>A call of a provider's API that the gateway lets through.</summary>
/// <param name="Path">Below the provider's base URL.</param>
/// <param name="Spends">True when it costs tokens, so that its use is counted.</param>
internal sealed record ModelRoute(ModelKind Kind, string Method, string Path, bool Spends)
{
    private static readonly ModelRoute[] Known =
    [
        new(ModelKind.OpenAI, "POST", "chat/completions", Spends: true),
        new(ModelKind.OpenAI, "POST", "responses", Spends: true),
        new(ModelKind.OpenAI, "GET", "models", Spends: false),
        new(ModelKind.Anthropic, "POST", "v1/messages", Spends: true),
        new(ModelKind.Anthropic, "POST", "v1/messages/count_tokens", Spends: false),
        new(ModelKind.Anthropic, "GET", "v1/models", Spends: false),
    ];

    /// <summary>True for chat completions, which report their use in a stream only when they are asked to.</summary>
    public bool MustAskForUsage => Path == "chat/completions";

    public bool HasBody => Method == "POST";

    public static ModelRoute? Find(ModelKind kind, string method, string path) =>
        Known.FirstOrDefault(route => route.Kind == kind && route.Path == path && route.Method == method);

    /// <summary>The protocol a caller seems to speak, for answers to calls of providers nobody configured.</summary>
    public static ModelKind Guess(HttpRequest request, string path) =>
        request.Headers.ContainsKey("anthropic-version") || path.StartsWith("v1/messages", StringComparison.Ordinal) ? ModelKind.Anthropic : ModelKind.OpenAI;

    /// <summary>Where the call goes.</summary>
    public Uri Target(Uri baseUrl, QueryString query) => new($"{baseUrl.AbsoluteUri.TrimEnd('/')}/{Path}{query}");
}
