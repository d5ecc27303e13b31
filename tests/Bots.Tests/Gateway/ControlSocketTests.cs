using System.Net;
using System.Net.Sockets;
using Bots.Gateway;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Bots.Tests.Gateway;

public sealed class ControlSocketTests
{
    [Fact]
    public async Task The_gateway_answers_on_the_control_socket()
    {
        await using var host = await GatewayHost.Start();
        using var client = host.Client(token: null);

        (await client.GetAsync("/llm/openai/models", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await client.GetAsync("/git/acme/widgets.git/info/refs", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("GET", "/llm/openai/models")]
    [InlineData("POST", "/llm/openai/chat/completions")]
    [InlineData("GET", "/git/acme/widgets.git/info/refs?service=git-upload-pack")]
    [InlineData("DELETE", "/git/acme/widgets.git/git-receive-pack")]
    public async Task The_gateway_is_not_there_on_the_public_port(string method, string path)
    {
        await using var host = await GatewayHost.Start();
        using var client = new HttpClient { BaseAddress = host.PublicUrl };
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { Authorization = new("Bearer", GatewayHost.Token) } };

        (await client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public void Where_a_caller_came_from_is_known_also_when_it_has_hung_up()
    {
        var context = new DefaultHttpContext();
        foreach (var family in (AddressFamily[])[AddressFamily.Unix, AddressFamily.InterNetwork])
        {
            using var socket = new Socket(family, SocketType.Stream, ProtocolType.Unspecified);
            context.Features.Set<IConnectionSocketFeature>(new Connection(socket));
            socket.Dispose();

            ControlSocket.Carries(context).ShouldBe(family == AddressFamily.Unix);
        }
    }

    [Fact]
    public async Task Public_paths_are_not_there_on_the_control_socket()
    {
        await using var host = await GatewayHost.Start();
        using var control = host.Client();
        using var front = new HttpClient { BaseAddress = host.PublicUrl };

        (await front.GetStringAsync("/healthz", TestContext.Current.CancellationToken)).ShouldBe("ok");
        (await control.GetAsync("/healthz", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await control.GetAsync("/nothing", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private sealed record Connection(Socket Socket) : IConnectionSocketFeature;
}
