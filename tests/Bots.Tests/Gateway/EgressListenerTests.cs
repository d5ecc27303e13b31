using System.Net.Sockets;
using Bots.Gateway;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Tests.Gateway;

public sealed class EgressListenerTests
{
    private const string Register = "POST /sidecar/register HTTP/1.1\r\nHost: gateway\r\nContent-Length: 0\r\n\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets)]
    [InlineData(SocketError.NoBufferSpaceAvailable)]
    [InlineData(SocketError.ConnectionAborted)]
    [InlineData(SocketError.SocketError)]
    public async Task Connections_that_cannot_be_taken_for_a_while_do_not_end_the_listening(SocketError error)
    {
        await using var host = await GatewayHost.Start();
        var folder = Directory.CreateTempSubdirectory("door").FullName;
        try
        {
            var endpoint = new UnixDomainSocketEndPoint(Path.Combine(folder, "s"));
            using var log = new RecordingLog();
            using var door = new PoorDoor(endpoint, error, failures: 3);
            var time = new InstantTime(EgressListener.Breath);
            var crowd = new EgressCrowd();
            var server = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), NullLogger.Instance);
            await using var listener = new EgressListener(door, endpoint, server, host.Get<EgressProxy>(), crowd, time, log.CreateLogger("Bots.Gateway"));
            using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await client.ConnectAsync(endpoint, Cancellation);
            await client.Send("GET /llm HTTP/1.1\r\n");

            var taken = await listener.AcceptAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

            taken.ShouldNotBeNull();
            crowd.Open.ShouldBe(1);
            await taken.DisposeAsync();
            SpinWait.SpinUntil(() => crowd.Open == 0, TimeSpan.FromSeconds(20)).ShouldBeTrue();
            time.Waits.ShouldBe(3);
            log.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal)).ShouldBe(1);
            log.Lines.ShouldContain(line => line.Contains("accepted again"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Where_sandboxes_hold_too_many_connections_only_sidecars_are_let_in()
    {
        await using var host = await Crowded(most: 2, forSidecars: 2);
        using var first = await host.Dial();
        using var second = await host.Dial();

        (await host.Ask("GET /llm/openai/models HTTP/1.1\r\nHost: gateway\r\n\r\n")).ShouldStartWith("HTTP/1.1 503 The Bots gateway holds as many connections as it can");
        (await host.Ask(EgressCall.Connect("allowed.example:443"))).ShouldStartWith("HTTP/1.1 503 ");
        // There are no sidecars in this host: that the server answers is what counts.
        using var sidecar = await host.Dial();
        await sidecar.Send(Register);
        (await sidecar.ReadUntil("\r\n")).ShouldBe("HTTP/1.1 404 Not Found\r\n");
    }

    [Fact]
    public async Task Beyond_that_nobody_is_and_those_that_end_make_room_again()
    {
        await using var host = await Crowded(most: 1, forSidecars: 1);
        using var first = await host.Dial();
        using var second = await host.Dial();
        using (var third = await host.Dial()) (await third.ReadAll()).ShouldBeEmpty();

        second.Shutdown(SocketShutdown.Send);
        (await second.ReadAll()).ShouldBeEmpty();
        first.Shutdown(SocketShutdown.Send);
        (await first.ReadAll()).ShouldBeEmpty();

        (await host.Ask("GET / HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 404 ");
    }

    [Fact]
    public async Task Who_does_not_say_what_is_wanted_is_cut_after_ten_seconds()
    {
        var time = new InstantTime(TimeSpan.FromSeconds(10));
        await using var host = await GatewayHost.Start(time: time);
        using var silent = await host.Dial();

        (await silent.ReadAll()).ShouldBeEmpty();
        time.Waits.ShouldBe(1);
    }

    private static Task<GatewayHost> Crowded(int most, int forSidecars) =>
        GatewayHost.Start(replace: services => services.AddSingleton(new EgressCrowd { Most = most, ForSidecars = forSidecars }));

    /// <summary>Fails a few times before it lets anybody in.</summary>
    private sealed class PoorDoor : IEgressDoor
    {
        private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        private readonly SocketError _error;
        private int _failures;

        public PoorDoor(UnixDomainSocketEndPoint endpoint, SocketError error, int failures)
        {
            (_error, _failures) = (error, failures);
            _listener.Bind(endpoint);
            _listener.Listen();
        }

        public ValueTask<Socket> Accept(CancellationToken cancellation) =>
            _failures-- > 0 ? ValueTask.FromException<Socket>(new SocketException((int)_error)) : _listener.AcceptAsync(cancellation);

        public void Dispose() => _listener.Dispose();
    }
}
