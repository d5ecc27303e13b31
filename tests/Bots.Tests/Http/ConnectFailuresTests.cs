using System.Net.Sockets;
using Bots.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Bots.Tests.Http;

public sealed class ConnectFailuresTests
{
    [Fact]
    public async Task A_connection_reset_as_it_was_made_is_a_failure_to_connect_for_every_client()
    {
        var services = new ServiceCollection().AddConnectFailures();
        services.AddHttpClient("any").ConfigurePrimaryHttpMessageHandler(() => new Reset());
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("any");

        var failure = await Should.ThrowAsync<HttpRequestException>(client.GetAsync(new Uri("http://127.0.0.1/"), TestContext.Current.CancellationToken));

        failure.HttpRequestError.ShouldBe(HttpRequestError.ConnectionError);
        failure.InnerException.ShouldBeOfType<SocketException>();
    }

    private sealed class Reset : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new SocketException((int)SocketError.NotConnected);
    }
}
