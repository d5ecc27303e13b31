using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bots.GitHub;

/// <summary>The token an App shows to prove itself: RS256, valid from a minute ago, for ten minutes in all.</summary>
public static class GitHubJwt
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    // GitHub refuses more than ten minutes by its own clock, so a minute is left for ours to be ahead.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(9);

    /// <param name="privateKey">PEM, PKCS#1 or PKCS#8.</param>
    /// <param name="issuer">The App's id or client id.</param>
    public static string Create(string privateKey, string issuer, DateTimeOffset now)
    {
        var header = Part("""{"alg":"RS256","typ":"JWT"}""");
        var claims = Part($$"""{"iat":{{(now - ClockSkew).ToUnixTimeSeconds()}},"exp":{{(now + Lifetime).ToUnixTimeSeconds()}},"iss":"{{JsonEncodedText.Encode(issuer, JavaScriptEncoder.Default)}}"}""");
        using var rsa = RSA.Create();
        rsa.ImportFromPem(privateKey);
        var signature = rsa.SignData(Encoding.ASCII.GetBytes($"{header}.{claims}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{header}.{claims}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
