using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Bots.Engine.Gateway;

/// <summary>Where a sandbox wants to go, in the one spelling that rules are compared with.</summary>
/// <param name="Host">A name in lower case without a trailing dot, or a literal address as .NET writes it, IPv6 without brackets.</param>
/// <param name="Port">1 to 65535.</param>
public sealed record EgressTarget(string Host, int Port)
{
    private const int LongestName = 253;
    private const int LongestLabel = 63;

    /// <summary>The host, when it is a literal address; null for a name.</summary>
    public IPAddress? Address => IPAddress.TryParse(Host, out var address) ? address : null;

    /// <summary>Reads <c>host:port</c>, <c>1.2.3.4:port</c> or <c>[::1]:port</c> (RFC 3986, section 3.2, without user information).</summary>
    /// <param name="defaultPort">Taken when there is none; null where one is required.</param>
    /// <param name="problem">What is wrong with it, as the end of a sentence.</param>
    public static bool TryParse(string authority, int? defaultPort, [NotNullWhen(true)] out EgressTarget? target, [NotNullWhen(false)] out string? problem)
    {
        target = null;
        if (authority.Contains('@')) problem = "it names a user";
        else if (Split(authority, defaultPort) is not var (host, port)) problem = "its port is missing or none";
        else if (Canonical(host) is not { } canonical) problem = "its host is neither a name nor an address in the usual form";
        else (target, problem) = (new EgressTarget(canonical, port), null);
        return problem is null;
    }

    /// <summary>Host and port, as rules are written.</summary>
    public override string ToString() => Address?.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>The one spelling of a host; null for what is none, odd spellings of addresses included.</summary>
    internal static string? Canonical(string host)
    {
        if (host is ['[', .. var inside, ']'])
            return !inside.Contains('%') && inside.Contains(':') && IPAddress.TryParse(inside, out var literal) && literal.AddressFamily == AddressFamily.InterNetworkV6 ? literal.ToString() : null;
        var name = (host.EndsWith('.') ? host[..^1] : host).ToLowerInvariant();
        var labels = name.Split('.');
        if (name.Length > LongestName || !labels.All(IsLabel)) return null;
        // What ends in a number is an address to some resolvers (WHATWG URL, "ends in a number"): there is one spelling of it.
        if (!IsNumber(labels[^1])) return name;
        return host == name && IPAddress.TryParse(name, out var address) && address.ToString() == name ? name : null;
    }

    private static (string Host, int Port)? Split(string authority, int? defaultPort)
    {
        var colon = authority.LastIndexOf(':');
        if (colon < authority.LastIndexOf(']')) colon = -1;
        if (colon < 0) return defaultPort is { } port ? (authority, port) : null;
        var digits = authority[(colon + 1)..];
        return digits is [>= '1' and <= '9', ..] && ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? (authority[..colon], given) : null;
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= LongestLabel && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_') && label[0] != '-' && label[^1] != '-';

    private static bool IsNumber(string label) =>
        label.All(char.IsAsciiDigit) || (label.StartsWith("0x", StringComparison.Ordinal) && label[2..].All(char.IsAsciiHexDigit));
}
