using System.Net.Http.Headers;
using Bots.Engine;
using Bots.Engine.Models;

namespace Bots.Gateway;

/// <summary>A model call that was read and found in order.</summary>
/// <param name="Token">The session token it came with: it must not go out.</param>
internal sealed record ModelCall(SessionId Session, RepositoryName Repository, string Token, ModelProvider Provider, ModelRoute Route, ModelRequest Request)
{
    /// <summary>What is sent to the provider, with its key. Each attempt needs a message of its own.</summary>
    public HttpRequestMessage Build(HttpRequest from)
    {
        var message = new HttpRequestMessage(new HttpMethod(Route.Method), Route.Target(Provider.BaseUrl, from.QueryString));
        if (Route.HasBody) message.Content = new ReadOnlyMemoryContent(Request.Body);
        ProxiedHeaders.CopyRequest(from.Headers, message, Token);
        // The provider must read the very letters that were looked at here.
        if (message.Content is { } content) content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        message.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (Provider is { Kind: ModelKind.Anthropic, ApiKey: { } apiKey }) message.Headers.TryAddWithoutValidation("x-api-key", apiKey);
        else if (Provider.ApiKey is { } bearer) message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {bearer}");
        return message;
    }

    /// <summary>Without the tokens.</summary>
    public override string ToString() => $"{Session}: {Provider.Id}/{Request.Model}";
}
