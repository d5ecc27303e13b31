namespace Bots.Tests.Gateway;

/// <summary>Both kinds of provider at one upstream.</summary>
internal static class ModelSettings
{
    public static Dictionary<string, string?> For(Uri upstream, string openAIKey, string anthropicKey) => new()
    {
        ["Models:Providers:openai:BaseUrl"] = new Uri(upstream, "/v1").ToString(),
        ["Models:Providers:openai:ApiKey"] = openAIKey,
        ["Models:Providers:anthropic:BaseUrl"] = upstream.ToString(),
        ["Models:Providers:anthropic:ApiKey"] = anthropicKey,
    };
}
