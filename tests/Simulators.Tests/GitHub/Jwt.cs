using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Bots.Simulators.Tests.GitHub;

/// <summary>Makes the JWT of an app, right or wrong.</summary>
internal static class Jwt
{
    public static string Create(string privateKey, JsonNode issuer, DateTimeOffset issuedAt, DateTimeOffset expires, string algorithm = "RS256")
    {
        var header = Encode(Encoding.UTF8.GetBytes(new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT" }.ToJsonString()));
        var claims = Encode(Encoding.UTF8.GetBytes(new JsonObject
        {
            ["iat"] = issuedAt.ToUnixTimeSeconds(), ["exp"] = expires.ToUnixTimeSeconds(), ["iss"] = issuer,
        }.ToJsonString()));
        using var key = RSA.Create();
        key.ImportFromPem(privateKey);
        var signature = key.SignData(Encoding.ASCII.GetBytes($"{header}.{claims}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{header}.{claims}.{Encode(signature)}";
    }

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
