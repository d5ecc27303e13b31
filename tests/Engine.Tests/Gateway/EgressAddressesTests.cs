using System.Net;
using Bots.Engine.Gateway;

namespace Bots.Engine.Tests.Gateway;

public sealed class EgressAddressesTests
{
    private static readonly EgressAddresses Public = new([]);

    /// <summary>First and last address of every network that is not the public internet's, and what it is called.</summary>
    public static readonly TheoryData<string, string, string> Special = new()
    {
        { "0.0.0.0", "0.255.255.255", "this network" },
        { "10.0.0.0", "10.255.255.255", "private" },
        { "100.64.0.0", "100.127.255.255", "carrier-grade NAT" },
        { "127.0.0.0", "127.255.255.255", "loopback" },
        { "168.63.129.16", "168.63.129.16", "a cloud's own service" },
        { "169.254.0.0", "169.254.255.255", "link-local, where clouds keep their metadata" },
        { "169.254.169.254", "169.254.170.2", "link-local, where clouds keep their metadata" },
        { "172.16.0.0", "172.31.255.255", "private" },
        { "192.0.0.0", "192.0.0.255", "reserved" },
        { "192.0.2.0", "192.0.2.255", "for documentation" },
        { "192.31.196.0", "192.31.196.255", "reserved" },
        { "192.52.193.0", "192.52.193.255", "reserved" },
        { "192.88.99.0", "192.88.99.255", "reserved" },
        { "192.168.0.0", "192.168.255.255", "private" },
        { "192.175.48.0", "192.175.48.255", "reserved" },
        { "198.18.0.0", "198.19.255.255", "for benchmarks" },
        { "198.51.100.0", "198.51.100.255", "for documentation" },
        { "203.0.113.0", "203.0.113.255", "for documentation" },
        { "224.0.0.0", "239.255.255.255", "multicast" },
        { "240.0.0.0", "255.255.255.255", "reserved" },
        { "::", "::", "unspecified" },
        { "::1", "::1", "loopback" },
        { "::127.0.0.1", "::ffff", "an IPv4 address in disguise" },
        { "::ffff:0.0.0.0", "::ffff:255.255.255.255", "an IPv4 address in disguise" },
        { "::ffff:0:8.8.8.8", "::ffff:0:10.0.0.1", "an IPv4 address in disguise" },
        { "64:ff9b::", "64:ff9b::ffff:ffff", "an IPv4 address in disguise" },
        { "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "an IPv4 address in disguise" },
        { "100::", "1fff:ffff::", "reserved" },
        { "2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff", "an IPv4 address in disguise" },
        { "2001:1::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved" },
        { "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "for documentation" },
        { "2002::", "2002:7f00:1::1", "an IPv4 address in disguise" },
        { "2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff", "reserved" },
        { "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "for documentation" },
        { "4000::", "fbff:ffff::", "reserved" },
        { "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "private" },
        { "fd00:ec2::254", "fd00:ec2::23", "private" },
        { "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "link-local" },
        { "fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "site-local" },
        { "ff00::", "ff02::1", "multicast" },
    };

    [Theory]
    [MemberData(nameof(Special))]
    public void What_is_not_the_public_internets_is_refused_from_its_first_to_its_last_address(string first, string last, string name)
    {
        Public.Refusal(IPAddress.Parse(first)).ShouldBe(name);
        Public.Refusal(IPAddress.Parse(last)).ShouldBe(name);
    }

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("168.63.129.15")]
    [InlineData("169.253.255.255")]
    [InlineData("169.255.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.0.1.0")]
    [InlineData("192.167.255.255")]
    [InlineData("192.169.0.0")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2001:200::1")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("2606:4700::1111")]
    [InlineData("2a00:1450:4001::1")]
    public void What_lies_beside_them_is_public(string address) => Public.Refusal(IPAddress.Parse(address)).ShouldBeNull();

    [Fact]
    public void An_address_of_one_interface_is_refused_whatever_it_is() =>
        Public.Refusal(new IPAddress(IPAddress.Parse("2606:4700::1111").GetAddressBytes(), 2)).ShouldBe("link-local");

    [Theory]
    [InlineData("10.1.2.3", null)]
    [InlineData("10.2.0.0", "private")]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("fd12::1", null)]
    [InlineData("fd13::1", "private")]
    [InlineData("::ffff:10.1.2.3", "an IPv4 address in disguise")]
    [InlineData("64:ff9b::8.8.8.8", null)]
    [InlineData("64:ff9b::10.1.2.3", null)]
    [InlineData("64:ff9b::10.2.0.0", "private")]
    [InlineData("64:ff9b::169.254.169.254", "link-local, where clouds keep their metadata")]
    public void Networks_of_ones_own_can_be_allowed_and_nothing_else_with_them(string address, string? refusal)
    {
        var addresses = EgressAddresses.Of(new NetworkOptions { AllowPrivate = ["10.1.0.0/16", "fd12::/16", "64:ff9b::/96", "no network"] });

        addresses.Refusal(IPAddress.Parse(address)).ShouldBe(refusal);
    }
}
