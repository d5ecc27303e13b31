namespace Bots.Engine.Models;

/// <summary>One service that answers model calls, as the gateway uses it.</summary>
/// <param name="BaseUrl">OpenAI: up to and including <c>/v1</c>. Anthropic: without <c>/v1</c>.</param>
/// <param name="ApiKey">Secret. Null for a server that asks for none.</param>
public sealed record ModelProvider(string Id, ModelKind Kind, Uri BaseUrl, string? ApiKey)
{
    /// <summary>Without the key, so that it cannot reach a log by accident.</summary>
    public override string ToString() => $"{Id} ({Kind}, {BaseUrl})";
}
