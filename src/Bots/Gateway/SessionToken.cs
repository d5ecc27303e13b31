using System.Net.Http.Headers;
using System.Text;

namespace Bots.Gateway;

/// <summary>Finds the session token where the caller's own protocol puts a credential.</summary>
internal static class SessionToken
{
    /// <summary>From <c>Authorization: Bearer</c>, the password of <c>Authorization: Basic</c> (git), or <c>x-api-key</c>; null when there is none.</summary>
    public static string? Find(IHeaderDictionary headers)
    {
        if (AuthenticationHeaderValue.TryParse(headers.Authorization.FirstOrDefault(), out var header) && header.Parameter is { Length: > 0 } value)
        {
            if (header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)) return value;
            if (header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)) return Password(value);
        }

        return headers["x-api-key"].FirstOrDefault() is { Length: > 0 } key ? key : null;
    }

    private static string? Password(string base64)
    {
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length)) return null;
        return Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [_, { Length: > 0 } password] ? password : null;
    }
}
