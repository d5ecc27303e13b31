using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Bots.Slack;

/// <summary>What became of a request's signature.</summary>
public enum SlackVerdict
{
    Valid,

    /// <summary>A header is absent, doubled or not in the form Slack writes.</summary>
    Malformed,

    /// <summary>Signed more than five minutes ago, or that far in the future.</summary>
    Stale,

    /// <summary>Not signed with our secret.</summary>
    Wrong,
}

/// <summary>Slack's request signature, version 0: HMAC-SHA256 over <c>v0:{timestamp}:{body}</c>.</summary>
public static class SlackSignature
{
    public const string TimestampHeader = "X-Slack-Request-Timestamp";
    public const string SignatureHeader = "X-Slack-Signature";

    private const string Version = "v0=";

    /// <summary>Both ends of the window in which a timestamp is accepted, in seconds.</summary>
    public const long Window = 300;

    /// <summary>Compares in fixed time. An empty secret verifies nothing.</summary>
    /// <param name="body">The raw bytes as they came.</param>
    public static SlackVerdict Verify(ReadOnlySpan<byte> secret, string? timestamp, string? signature, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (secret.IsEmpty || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var signedAt)) return SlackVerdict.Malformed;
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (!TryDecode(signature, given)) return SlackVerdict.Malformed;
        var seconds = now.ToUnixTimeSeconds();
        if (signedAt < seconds - Window || signedAt > seconds + Window) return SlackVerdict.Stale;
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(secret, timestamp!, body, expected);
        return CryptographicOperations.FixedTimeEquals(given, expected) ? SlackVerdict.Valid : SlackVerdict.Wrong;
    }

    /// <summary>The value of <see cref="SignatureHeader"/> for a body.</summary>
    public static string Sign(ReadOnlySpan<byte> secret, string timestamp, ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(secret, timestamp, body, hash);
        return Version + Convert.ToHexStringLower(hash);
    }

    private static void Compute(ReadOnlySpan<byte> secret, string timestamp, ReadOnlySpan<byte> body, Span<byte> hash)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hmac.AppendData(Encoding.ASCII.GetBytes($"v0:{timestamp}:"));
        hmac.AppendData(body);
        hmac.GetHashAndReset(hash);
    }

    private static bool TryDecode(string? signature, Span<byte> hash) =>
        signature is not null
        && signature.Length == Version.Length + (hash.Length * 2)
        && signature.StartsWith(Version, StringComparison.Ordinal)
        && Convert.FromHexString(signature.AsSpan(Version.Length), hash, out _, out _) == System.Buffers.OperationStatus.Done;
}
