using System.Security.Cryptography;
using System.Text;

namespace Bots.GitHub;

/// <summary>The signature of a webhook: <c>X-Hub-Signature-256: sha256=</c> and the HMAC of the raw body.</summary>
public static class GitHubSignature
{
    public const string Header = "X-Hub-Signature-256";

    private const string Prefix = "sha256=";

    /// <summary>Compares in fixed time. An empty secret matches nothing.</summary>
    public static bool Matches(string? secret, ReadOnlySpan<byte> body, string? header)
    {
        if (string.IsNullOrEmpty(secret) || !TryRead(header, out var claimed)) return false;
        Span<byte> computed = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body, computed);
        return CryptographicOperations.FixedTimeEquals(computed, claimed);
    }

    /// <summary>The header GitHub sends for this body.</summary>
    public static string Of(string secret, ReadOnlySpan<byte> body) =>
        Prefix + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    private static bool TryRead(string? header, out byte[] claimed)
    {
        claimed = new byte[HMACSHA256.HashSizeInBytes];
        return header is not null
            && header.StartsWith(Prefix, StringComparison.Ordinal)
            && header.Length == Prefix.Length + (2 * claimed.Length)
            && Convert.FromHexString(header.AsSpan(Prefix.Length), claimed, out _, out _) == System.Buffers.OperationStatus.Done;
    }
}
