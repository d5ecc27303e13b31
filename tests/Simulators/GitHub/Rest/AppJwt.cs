using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>Verifies the JWT by which an app authenticates: RS256, <c>iat</c>, <c>exp</c> at most ten minutes ahead, <c>iss</c>.</summary>
internal sealed class AppJwt(RSA key, long appId, string clientId, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <returns>What is wrong with the token, in the original's words; null when it is good.</returns>
    public string? Problem(string token)
    {
        const string undecodable = "A JSON web token could not be decoded";
        var parts = token.Split('.');
        if (parts.Length != 3 || Json(parts[0]) is not { } header || Json(parts[1]) is not { } claims) return undecodable;
        if (Text(header, "alg") != "RS256" || Bytes(parts[2]) is not { } signature) return undecodable;
        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        return key.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) ? Claims(claims) : undecodable;
    }

    private string? Claims(JsonElement claims)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var issuer = Text(claims, "iss");
        if (issuer is null) return "'Issuer' claim ('iss') must be present";
        if (issuer != clientId && issuer != appId.ToString()) return "Integration not found";
        if (Number(claims, "iat") is not { } issued || issued > now)
            return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
        if (Number(claims, "exp") is not { } expires || expires <= now)
            return "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires";
        return expires > now + Longest.TotalSeconds ? "'Expiration time' claim ('exp') is too far in the future" : null;
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value)
        ? value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Number => value.GetRawText(), _ => null }
        : null;

    private static long? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    private static JsonElement? Json(string part)
    {
        if (Bytes(part) is not { } bytes) return null;
        try
        {
            var reader = new Utf8JsonReader(bytes);
            return JsonElement.TryParseValue(ref reader, out var parsed) && parsed is { ValueKind: JsonValueKind.Object } ? parsed : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[]? Bytes(string part)
    {
        var padded = part.Replace('-', '+').Replace('_', '/').PadRight((part.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length];
        return Convert.TryFromBase64String(padded, bytes, out var length) ? bytes[..length] : null;
    }
}
