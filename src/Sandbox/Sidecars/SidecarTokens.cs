using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Bots.Sandbox.Sidecars;

/// <summary>Tokens of sidecars: 256 random bits, handed out in clear once and kept as a hash.</summary>
public static class SidecarTokens
{
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <returns>SHA-256, as lower-case hex.</returns>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
