using System.Security.Cryptography;

namespace Bots.Simulators.Slack.State;

/// <summary>Ids that no other simulator, past or future, gives out.</summary>
internal static class SlackIds
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    public static string New(string prefix, int length = 10) => prefix + RandomNumberGenerator.GetString(Letters, length);

    public static string Secret(int length = 24) => RandomNumberGenerator.GetString(Letters.ToLowerInvariant(), length);
}
