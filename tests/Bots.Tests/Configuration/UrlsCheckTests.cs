using System.Net;
using System.Net.Sockets;

namespace Bots.Tests.Configuration;

public sealed class UrlsCheckTests
{
    [Fact]
    public void A_port_that_another_program_has_is_told_before_anything_starts()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";

        Configured.Problems(("Urls", $"http://127.0.0.1:0; {url}")).ShouldHaveSingleItem().ShouldStartWith($"Urls: another program listens on {url} already → Stop it");
    }

    [Theory]
    [InlineData("127.0.0.1:8080")]
    [InlineData("http//x")]
    public void What_is_no_address_is_told(string url) =>
        Configured.Problems(("Urls", url)).ShouldHaveSingleItem().ShouldStartWith($"Urls: '{url}' is no address to listen on → Write one like http://127.0.0.1:8080");

    [Fact]
    public void An_address_of_another_machine_is_told() =>
        Configured.Problems(("Urls", "http://192.0.2.1:8080")).ShouldHaveSingleItem().ShouldStartWith("Urls: nobody can listen on http://192.0.2.1:8080");
}
