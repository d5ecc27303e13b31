using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Bots.Engine.Gateway;

/// <summary>One line of an allow- or deny-list: <c>host</c>, <c>host:port</c>, <c>host:*</c>, <c>*.host</c>, <c>*.host:port</c>.</summary>
/// <param name="Host">Without <c>*.</c></param>
/// <param name="Below">True for every name below the host, but not the host itself.</param>
/// <param name="Port">Null for any.</param>
/// <param name="IsWeb">True for ports 443 and 80, in place of <paramref name="Port"/>.</param>
public sealed record EgressPattern(string Host, bool Below, int? Port, bool IsWeb)
{
    /// <param name="text">As it is written in a list.</param>
    /// <param name="pattern">Without a port it stands for 443 and 80.</param>
    /// <param name="problem">What is wrong, as a sentence people read.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out EgressPattern? pattern, [NotNullWhen(false)] out string? problem)
    {
        (pattern, problem) = (null, null);
        if (text.Contains('/'))
        {
            problem = "Leave out the scheme and the path: hosts are allowed as a whole.";
            return false;
        }

        var (host, port) = Split(text.Trim());
        var below = host.StartsWith("*.", StringComparison.Ordinal);
        if (below) host = host[2..];
        if (host.Any(c => c > '~')) problem = "Write the name in its ASCII form (xn--…).";
        else if (EgressTarget.Canonical(host) is not { } canonical) problem = "Write host, host:port or *.host.";
        else if (below && (!canonical.Contains('.') || new EgressTarget(canonical, 1).Address is not null)) problem = "A * stands for what is below a name of at least two parts.";
        else if (port is not (null or "*") && !IsPort(port)) problem = "The port is a number from 1 to 65535, or *.";
        else pattern = new EgressPattern(canonical, below, port is null or "*" ? null : int.Parse(port, CultureInfo.InvariantCulture), port is null);
        return problem is null;
    }

    public bool Covers(EgressTarget target) =>
        (IsWeb ? target.Port is 443 or 80 : Port is null || Port == target.Port) && CoversHost(target);

    /// <summary>The host alone: what is denied without a port is denied on every port.</summary>
    public bool CoversHost(EgressTarget target) =>
        Below ? target.Host.EndsWith("." + Host, StringComparison.Ordinal) : target.Host.Equals(Host, StringComparison.Ordinal);

    private static (string Host, string? Port) Split(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon < 0 || colon < text.LastIndexOf(']') ? (text, null) : (text[..colon], text[(colon + 1)..]);
    }

    private static bool IsPort(string text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0;
}
