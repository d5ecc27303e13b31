using System.Text.RegularExpressions;

namespace Bots.Engine.Repositories;

/// <summary>How a repository names hosts it wants to reach.</summary>
internal static partial class NetworkName
{
    /// <returns>What is wrong with it, to stand after it; null when nothing is.</returns>
    public static string? Problem(string name)
    {
        if (Preset().IsMatch(name)) return null;
        if (name.Contains("://", StringComparison.Ordinal) || name.Contains('/')) return "is an address; write only the host, and a port if need be: api.example.com:443.";
        if (Host().Match(name) is not { Success: true } match) return "is no host; write one like api.example.com, *.example.com:443, or a preset like npm.";
        return match.Groups["port"] is { Success: true } port && (!int.TryParse(port.Value, out var number) || number is 0 or > 65535) ? "has no port between 1 and 65535." : null;
    }

    /// <summary>One word without a dot; which there are is for the gateway to know.</summary>
    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,30}\z")]
    private static partial Regex Preset();

    [GeneratedRegex(@"^(?=.{1,260}\z)(\*\.)?([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}(:(?<port>[0-9]{1,5}))?\z")]
    private static partial Regex Host();
}
