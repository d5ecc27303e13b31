using System.Net;
using Bots.Engine;
using Bots.Engine.Forges;

namespace Bots.Gateway;

/// <summary>Translates git's requests and responses between the sandbox and the forge. Only headers git itself needs pass.</summary>
internal static class GitMessage
{
    private static readonly string[] Sent = ["Accept", "Accept-Encoding", "User-Agent", "Git-Protocol", "Content-Type", "Content-Encoding", "Content-Length"];
    private static readonly string[] Returned = ["Content-Type", "Content-Encoding", "Content-Length", "Cache-Control", "Expires", "Pragma", "Retry-After"];

    public static HttpRequestMessage Build(HttpRequest request, GitRoute route, GitAccess target, PushBody? push)
    {
        var message = new HttpRequestMessage(new HttpMethod(route.Method), route.Target(target.Remote));
        if (push is not null) message.Content = new PushContent(push);
        else if (route.Method == "POST") message.Content = new StreamContent(request.Body);
        foreach (var name in Sent)
        {
            if (request.Headers[name] is not { Count: > 0 } values) continue;
            if (!message.Headers.TryAddWithoutValidation(name, values.AsEnumerable())) message.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        if (push is not null && message.Content!.Headers.ContentEncoding.Count > 0)
        {
            message.Content.Headers.ContentEncoding.Clear();
            message.Content.Headers.ContentLength = null;
        }

        if (target.Authorization is { } authorization) message.Headers.TryAddWithoutValidation("Authorization", authorization);
        return message;
    }

    /// <summary>What the gateway says instead of the forge; null when the forge's own answer goes through.</summary>
    public static string? Problem(HttpResponseMessage response, RepositoryName repository) => (int)response.StatusCode switch
    {
        403 or 429 when response.Headers.RetryAfter is not null => $"The forge limits how much this service asks of {repository}; it is to be tried again later.",
        401 or 403 => $"The forge refused this service access to {repository} ({(int)response.StatusCode}). Whoever runs it must check the installation and its permissions.",
        >= 300 and < 400 => $"{repository} has moved. Whoever runs this service must use its new name.",
        _ => null,
    };

    /// <returns>How many bytes the caller got.</returns>
    public static Task<long> Copy(HttpResponseMessage response, HttpContext context)
    {
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
            if (Returned.Contains(name, StringComparer.OrdinalIgnoreCase)) context.Response.Headers[name] = new([.. values]);
        return GatewayStreams.Copy(response, context, null);
    }

    private sealed class PushContent(PushBody push) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => push.CopyTo(stream, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) => push.CopyTo(stream, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
