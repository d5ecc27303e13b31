using System.Security.Cryptography;
using System.Text;

namespace Bots.Simulators.GitHub.Webhooks;

/// <summary>Signs a webhook's raw body.</summary>
public static class WebhookSignature
{
    /// <summary>Value of <c>X-Hub-Signature-256</c>.</summary>
    public static string Sha256(string secret, ReadOnlySpan<byte> body) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
}
