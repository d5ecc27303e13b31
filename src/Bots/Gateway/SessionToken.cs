using System.Net.Http.Headers;
using System.Text;

namespace Bots.Gateway;

/// <summary>Finds the session token where the caller's own protocol puts a credential.</summary>
internal static class SessionToken
{
    /// <summary>From <c>Authorization: Bearer</c>, the password of <c>Authorization: Basic</c> (git), or <c>x-api-key</c>; null when there is none.</summary>
    public static string? Find(IHeaderDictionary headers)
    {
        if (Read(headers.Authorization.FirstOrDefault()) is { } token) return token;
        return headers["x-api-key"].FirstOrDefault() is { Length: > 0 } key ? key : null;
    }

    /// <summary>From the value of an <c>Authorization</c> or <c>Proxy-Authorization</c> header; null when there is none in it.</summary>
    public static string? Read(string? authorization)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out var header) || header.Parameter is not { Length: > 0 } value) return null;
        if (header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)) return value;
        return header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) ? Password(value) : null;
    }

    private static string? Password(string base64)
    {
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length)) return null;
        return Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [_, { Length: > 0 } password] ? password : null;
    }
}
