using System.Net;
using System.Net.Sockets;

namespace Bots.Engine.Gateway;

/// <summary>Which addresses are the public internet's. Asked of the very address that is connected to, whatever name led to it. Pure.</summary>
public sealed class EgressAddresses
{
    private const string Disguise = "an IPv4 address in disguise";

    /// <summary>IANA's special-purpose registries, and what clouds put elsewhere.</summary>
    private static readonly (IPNetwork Network, string Name)[] Special =
    [
        .. Named("this network", "0.0.0.0/8"),
        .. Named("private", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
        .. Named("carrier-grade NAT", "100.64.0.0/10"),
        .. Named("loopback", "127.0.0.0/8"),
        .. Named("link-local, where clouds keep their metadata", "169.254.0.0/16"),
        .. Named("a cloud's own service", "168.63.129.16/32"),
        .. Named("reserved", "192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24", "240.0.0.0/4"),
        .. Named("for benchmarks", "198.18.0.0/15"),
        .. Named("for documentation", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"),
        .. Named("multicast", "224.0.0.0/4"),
        .. Named(Disguise, "2001::/32", "2002::/16"),
        .. Named("for documentation", "2001:db8::/32", "3fff::/20"),
        .. Named("reserved", "2001::/23", "2620:4f:8000::/48"),
    ];

    /// <summary>Outside of global unicast nothing is public.</summary>
    private static readonly (IPNetwork Network, string Name)[] OutsideGlobal =
    [
        .. Named("loopback", "::1/128"),
        .. Named("unspecified", "::/128"),
        .. Named(Disguise, "::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48"),
        .. Named("private", "fc00::/7"),
        .. Named("link-local", "fe80::/10"),
        .. Named("site-local", "fec0::/10"),
        .. Named("multicast", "ff00::/8"),
        .. Named("reserved", "::/0"),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    private readonly IReadOnlyList<IPNetwork> _allowed;

    /// <param name="allowed">Networks that may be reached although they are not public.</param>
    public EgressAddresses(IReadOnlyList<IPNetwork> allowed) => _allowed = allowed;

    public static EgressAddresses Of(NetworkOptions options) =>
        new([.. options.AllowPrivate.Select(text => IPNetwork.TryParse(text.Trim(), out var network) ? network : (IPNetwork?)null).OfType<IPNetwork>()]);

    /// <summary>Why an address must not be reached, in words that follow "it is"; null when it may be.</summary>
    public string? Refusal(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0) return "link-local";
        // IPNetwork takes these for the IPv4 address within, public and allowed ones too; no name leads to one honestly.
        if (address.IsIPv4MappedToIPv6) return Disguise;
        var refusal = Classify(address);
        if (refusal is null || !Allows(address)) return refusal;
        // A NAT64 that may be used leads no further than its IPv4 address would.
        return Nat64.Contains(address) ? Refusal(new IPAddress(address.GetAddressBytes()[^4..])) : null;
    }

    /// <summary>True when the operator lists it by a network it lies in.</summary>
    public bool Allows(IPAddress address) => _allowed.Any(network => network.Contains(address));

    private static string? Classify(IPAddress address)
    {
        var table = address.AddressFamily == AddressFamily.InterNetworkV6 && !GlobalUnicast.Contains(address) ? OutsideGlobal : Special;
        return table.FirstOrDefault(entry => entry.Network.Contains(address)).Name;
    }

    private static IEnumerable<(IPNetwork Network, string Name)> Named(string name, params string[] networks) =>
        networks.Select(network => (IPNetwork.Parse(network), name));
}
