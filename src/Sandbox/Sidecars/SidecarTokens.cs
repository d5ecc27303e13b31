using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Bots.Sandbox.Sidecars;

/// <summary>
/// Tokens of sidecars: 256 random bits, handed out in clear once and kept as a hash. A sidecar has two: everything in its sandbox has the
/// session token, for the gateway; the link token is its own. The one follows from the other, so there is but one to store.
/// </summary>
public static class SidecarTokens
{
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <returns>The session token that belongs to a link token. There is no way back.</returns>
    public static string SessionOf(string linkToken) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes("session " + linkToken)));

    /// <returns>SHA-256, as lower-case hex.</returns>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
