using System.Security.Cryptography;
using System.Text;

namespace Bots.Simulators.Slack;

/// <summary>Slack's request signature, version 0.</summary>
public static class SlackSignature
{
    public static string Sign(string secret, string timestamp, string body)
    {
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"v0:{timestamp}:{body}"));
        return "v0=" + Convert.ToHexStringLower(mac);
    }
}
