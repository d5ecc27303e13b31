using System.Collections.Frozen;
using System.Net.Http.Headers;
using Microsoft.Extensions.Primitives;

namespace Bots.Gateway;

/// <summary>Which headers of a model call pass through the gateway, in either direction.</summary>
internal static class ProxiedHeaders
{
    /// <summary>RFC 9110 section 7.6.1, and what belongs to one connection only.</summary>
    private static readonly string[] HopByHop =
    [
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    ];

    /// <summary>Credentials, what names the caller, and what would let the sandbox choose whose account pays.</summary>
    private static readonly FrozenSet<string> NotSent = HopByHop.Concat(
    [
        "Authorization", "X-Api-Key", "Api-Key", "X-Goog-Api-Key", "Cookie", "Host", "Forwarded", "Via", "X-Real-IP", "Origin", "Referer",
        "Accept-Encoding", "Content-Length", "Expect", "OpenAI-Organization", "OpenAI-Project", "traceparent", "tracestate", "baggage",
    ]).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>By their beginnings: what gateways of others in front of a provider take as orders, some of them where to send the call.</summary>
    private static readonly string[] Orders = ["X-Forwarded-", "X-Portkey-", "X-LiteLLM-", "Helicone-", "CF-AIG-"];

    private static readonly FrozenSet<string> NotReturned = HopByHop.Concat(
    [
        "Set-Cookie", "Set-Cookie2", "WWW-Authenticate", "Alt-Svc", "Strict-Transport-Security", "Date", "Server", "Content-Length", "OpenAI-Organization", "OpenAI-Project",
    ]).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Copies what may be sent on. A header that holds the session token, under whatever name, is not.</summary>
    public static void CopyRequest(IHeaderDictionary from, HttpRequestMessage to, string sessionToken)
    {
        var named = Named(from.Connection);
        foreach (var (name, values) in from)
        {
            if (NotSent.Contains(name) || named.Contains(name) || Orders.Any(order => name.StartsWith(order, StringComparison.OrdinalIgnoreCase))) continue;
            if (values.Any(value => value?.Contains(sessionToken, StringComparison.Ordinal) == true)) continue;
            if (!to.Headers.TryAddWithoutValidation(name, values.AsEnumerable())) to.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }
    }

    /// <summary>Copies what may go back. A header that holds the upstream credential is not.</summary>
    public static void CopyResponse(HttpResponseMessage from, IHeaderDictionary to, string? credential)
    {
        var named = from.Headers.Connection.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in from.Headers.NonValidated.Concat(from.Content.Headers.NonValidated))
        {
            if (NotReturned.Contains(name) || named.Contains(name)) continue;
            if (credential is not null && values.Any(value => value.Contains(credential, StringComparison.Ordinal))) continue;
            to[name] = ToStringValues(values);
        }
    }

    private static StringValues ToStringValues(HeaderStringValues values) => new([.. values]);

    private static HashSet<string> Named(StringValues connection) =>
        connection.SelectMany(value => value?.Split(',', StringSplitOptions.TrimEntries) ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase);
}
