using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Bots.Engine.Gateway;
using Bots.Gateway;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using static Bots.Tests.Gateway.EgressCall;

namespace Bots.Tests.Gateway;

public sealed class EgressProxyTests
{
    private const string Established = "HTTP/1.1 200 Connection Established\r\n\r\n";

    [Fact]
    public async Task A_client_speaks_TLS_with_an_allowed_host_and_every_byte_is_counted()
    {
        await using var peer = TcpPeer.Tls();
        await using var host = await GatewayHost.Start(AllowLoopback);
        using var socket = await host.Dial();

        await socket.Send(Connect($"allowed.example:{peer.Port}"));
        (await socket.ReadUntil("\r\n\r\n")).ShouldBe(Established);
        await using (var tls = new SslStream(new NetworkStream(socket), false, (_, certificate, _, _) => certificate!.Subject == "CN=allowed.example"))
        {
            await tls.AuthenticateAsClientAsync("allowed.example");
            using var reader = new StreamReader(tls);
            (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe("hello over TLS");
        }

        socket.Dispose();
        var opened = await host.Trail.Next();
        opened.Kind.ShouldBe("egress.opened");
        opened.Data["host"]!.GetValue<string>().ShouldBe("allowed.example");
        opened.Data["port"]!.GetValue<int>().ShouldBe(peer.Port);
        opened.Data["address"]!.GetValue<string>().ShouldBe("127.0.0.1");
        opened.Data["why"]!.GetValue<string>().ShouldBe("the test allows it");
        var closed = await host.Trail.Next();
        closed.Kind.ShouldBe("egress.closed");
        closed.Data["attempt"]!.GetValue<string>().ShouldBe(opened.Data["attempt"]!.GetValue<string>());
        closed.Data["bytesOut"]!.GetValue<long>().ShouldBeGreaterThan(200);
        closed.Data["bytesIn"]!.GetValue<long>().ShouldBeGreaterThan(500);
    }

    [Fact]
    public async Task The_end_of_one_direction_is_passed_on_and_the_other_goes_on()
    {
        var received = new TaskCompletionSource<string>();
        await using var peer = TcpPeer.Reader(received, "answered after your end");
        await using var host = await GatewayHost.Start(AllowLoopback);
        using var socket = await host.Dial();

        // The first bytes come together with the request, as from a client that does not wait.
        await socket.Send(Connect($"allowed.example:{peer.Port}") + "early ");
        (await socket.ReadUntil("\r\n\r\n")).ShouldBe(Established);
        await socket.Send("late");
        socket.Shutdown(SocketShutdown.Send);

        (await socket.ReadAll()).ShouldBe("answered after your end");
        (await received.Task).ShouldBe("early late");
        await host.Trail.Next();
        var closed = await host.Trail.Next();
        (closed.Data["bytesOut"]!.GetValue<long>(), closed.Data["bytesIn"]!.GetValue<long>()).ShouldBe((10, 23));
    }

    [Fact]
    public async Task A_plain_http_address_is_fetched_without_what_was_for_the_proxy()
    {
        await using var server = await StubServer.Start(context => context.Response.WriteAsync("the page"));
        await using var host = await GatewayHost.Start(AllowLoopback);

        var answer = await host.Ask($"POST http://allowed.example:{server.Url.Port}/a/b?c=d HTTP/1.1\r\nHost: other.example\r\n{Token}\r\nContent-Length: 4\r\n"
            + "X-Mine: 1\r\nX-Hop: 2\r\nConnection: keep-alive, X-Hop\r\nProxy-Connection: keep-alive\r\n\r\nbody");

        answer.ShouldStartWith("HTTP/1.1 200 OK\r\n");
        answer.ShouldContain("the page");
        var seen = server.Requests.Single();
        (seen.Method, seen.Target, seen.Text).ShouldBe(("POST", "/a/b?c=d", "body"));
        seen.Headers["Host"].ShouldBe($"allowed.example:{server.Url.Port}");
        seen.Headers["X-Mine"].ShouldBe("1");
        seen.Headers["Connection"].ShouldBe("close");
        seen.Headers.Keys.ShouldNotContain(name => name.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase) || name == "X-Hop");
    }

    [Fact]
    public async Task A_body_in_chunks_arrives_and_a_second_request_behind_it_does_not()
    {
        await using var server = await StubServer.Start(context => context.Response.WriteAsync("one"));
        await using var host = await GatewayHost.Start(AllowLoopback);
        var url = $"http://allowed.example:{server.Url.Port}";

        var answer = await host.Ask($"PUT {url}/first HTTP/1.1\r\nHost: x\r\n{Token}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
            + $"GET /second HTTP/1.1\r\nHost: internal.example\r\n\r\n");

        answer.Split("HTTP/1.1 ").Length.ShouldBe(2);
        (server.Requests.Single().Target, server.Requests.Single().Text).ShouldBe(("/first", "abcde"));
    }

    [Fact]
    public async Task A_refused_host_is_neither_resolved_nor_reached_and_the_refusal_says_what_to_do()
    {
        await using var host = await GatewayHost.Start(AllowLoopback);
        host.Gate.Answer = (_, _) => Task.FromResult(new EgressAnswer(false, "not on the allow-list"));

        var answer = await host.Ask(Connect("Evil.Example.:443"));

        answer.ShouldStartWith("HTTP/1.1 403 The Bots gateway refused evil.example:443: not on the allow-list. ");
        answer.ShouldContain("Connection: close\r\n");
        answer.ShouldContain(".bots.yml");
        host.Names.Resolved.ShouldBeEmpty();
        var refused = await host.Trail.Next();
        (refused.Kind, refused.Data["host"]!.GetValue<string>(), refused.Data["port"]!.GetValue<int>()).ShouldBe(("egress.refused", "evil.example", 443));
        refused.Actor.ShouldBe("sandbox:sbx_1");
    }

    [Theory]
    [InlineData("10.1.2.3", "private")]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("169.254.169.254", "metadata")]
    [InlineData("::ffff:127.0.0.1", "disguise")]
    [InlineData("fd00:ec2::254", "private")]
    public async Task An_allowed_name_that_leads_to_an_address_that_is_not_public_is_refused(string address, string why)
    {
        await using var host = await GatewayHost.Start();
        host.Names.Known["allowed.example"] = [address];

        var answer = await host.Ask(Connect("allowed.example:443"));

        answer.ShouldStartWith("HTTP/1.1 403 ");
        answer.ShouldContain(why);
        (await host.Trail.Next()).Data["address"]!.GetValue<string>().ShouldBe(address);
        host.Names.Resolved.ShouldBe(["allowed.example"]);
    }

    [Theory]
    [InlineData("allowed.example")]
    [InlineData("8.8.4.4")]
    public async Task The_machines_own_address_is_refused_though_it_is_public(string target)
    {
        await using var host = await GatewayHost.Start(replace: services => services.AddSingleton<IMachineAddresses>(new FixedMachine("8.8.4.4")));
        host.Names.Known["allowed.example"] = ["8.8.4.4"];

        var answer = await host.Ask(Connect(target + ":443"));

        answer.ShouldStartWith("HTTP/1.1 403 ");
        answer.ShouldContain("the machine's own");
    }

    [Fact]
    public async Task The_machines_own_address_may_be_reached_where_the_operator_lists_it()
    {
        await using var peer = TcpPeer.Echo();
        await using var host = await GatewayHost.Start(AllowLoopback, replace: services => services.AddSingleton<IMachineAddresses>(new FixedMachine("127.0.0.1")));
        using var socket = await host.Dial();

        await socket.Send(Connect($"allowed.example:{peer.Port}"));

        (await socket.ReadUntil("\r\n\r\n")).ShouldBe(Established);
    }

    [Fact]
    public void The_machine_knows_its_addresses()
    {
        new MachineAddresses().Has(IPAddress.Loopback).ShouldBeTrue();
        new MachineAddresses().Has(IPAddress.Parse("192.0.2.1")).ShouldBeFalse();
    }

    [Fact]
    public async Task Of_a_names_addresses_only_those_that_are_allowed_are_tried()
    {
        await using var peer = TcpPeer.Echo();
        await using var host = await GatewayHost.Start(AllowLoopback);
        host.Names.Known["allowed.example"] = ["10.0.0.1", "169.254.169.254", "127.0.0.1"];
        using var socket = await host.Dial();

        await socket.Send(Connect($"allowed.example:{peer.Port}"));

        (await socket.ReadUntil("\r\n\r\n")).ShouldBe(Established);
        (await host.Trail.Next()).Data["address"]!.GetValue<string>().ShouldBe("127.0.0.1");
    }

    [Theory]
    [InlineData("169.254.169.254:80")]
    [InlineData("127.0.0.1:7070")]
    [InlineData("[::1]:22")]
    [InlineData("[::ffff:10.0.0.1]:443")]
    [InlineData("[64:ff9b::a00:1]:443")]
    public async Task A_literal_address_that_is_not_public_is_refused_without_a_question(string target)
    {
        await using var host = await GatewayHost.Start();

        (await host.Ask(Connect(target))).ShouldStartWith("HTTP/1.1 403 ");

        host.Gate.Targets.ShouldBeEmpty();
        (await host.Trail.Next()).Kind.ShouldBe("egress.refused");
    }

    [Fact]
    public async Task A_host_that_does_not_answer_or_has_no_address_is_told_of()
    {
        await using var host = await GatewayHost.Start(AllowLoopback);
        var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();

        (await host.Ask(Connect($"allowed.example:{port}"))).ShouldContain($"502 The Bots gateway could not reach allowed.example:{port}: allowed.example refused the connection.");
        (await host.Ask(Connect("unknown.example:443"))).ShouldContain("the name unknown.example cannot be resolved");
        (await host.Trail.Next()).Kind.ShouldBe("egress.failed");
        (await host.Trail.Next()).Kind.ShouldBe("egress.failed");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Proxy-Authorization: Basic Ym90czp3cm9uZw==")]
    [InlineData("Proxy-Authorization: Basic !!!")]
    [InlineData("Authorization: Bearer " + GatewayHost.Token)]
    public async Task Without_the_session_token_nothing_is_decided_or_reached(string? header)
    {
        await using var host = await GatewayHost.Start(AllowLoopback);

        var answer = await host.Ask($"CONNECT allowed.example:443 HTTP/1.1\r\nHost: allowed.example:443\r\n{(header is null ? "" : header + "\r\n")}\r\n");

        answer.ShouldStartWith("HTTP/1.1 407 ");
        answer.ShouldContain("Proxy-Authenticate: Basic");
        host.Gate.Targets.ShouldBeEmpty();
        host.Trail.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task What_cannot_be_written_down_does_not_leave()
    {
        await using var peer = TcpPeer.Reader(new TaskCompletionSource<string>(), "");
        await using var host = await GatewayHost.Start(AllowLoopback);
        host.Trail.Failure = new IOException("the disk is full");

        (await host.Ask($"GET http://allowed.example:{peer.Port}/secret HTTP/1.1\r\nHost: x\r\n{Token}\r\n\r\n")).ShouldBeEmpty();

        (await host.Log.Wait("could not be served")).ShouldContain("the disk is full");
    }

    [Fact]
    public async Task A_connection_waits_for_an_answer_and_goes_on_with_it()
    {
        await using var peer = TcpPeer.Echo();
        await using var host = await GatewayHost.Start(AllowLoopback);
        var answer = new TaskCompletionSource<EgressAnswer>();
        host.Gate.Answer = (_, _) => answer.Task;
        using var socket = await host.Dial();
        await socket.Send(Connect($"allowed.example:{peer.Port}"));
        await host.Gate.Asked;

        answer.SetResult(new(true, "Ben allowed it for this turn"));

        (await socket.ReadUntil("\r\n\r\n")).ShouldBe(Established);
        await socket.Send("ping");
        (await socket.ReadUntil("ping")).ShouldBe("ping");
    }

    [Fact]
    public async Task A_caller_that_gives_up_waits_no_longer()
    {
        await using var host = await GatewayHost.Start(AllowLoopback);
        var given = new TaskCompletionSource();
        host.Gate.Answer = async (_, cancellation) =>
        {
            await using var up = cancellation.Register(given.SetResult);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return new(false, "unreachable");
        };
        using (var socket = await host.Dial())
        {
            await socket.Send(Connect("allowed.example:443"));
            await host.Gate.Asked;
        }

        await given.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        (await host.Trail.Next()).Data["why"]!.GetValue<string>().ShouldContain("left");
    }

    [Fact]
    public async Task A_client_that_proxies_its_calls_to_the_gateway_itself_reaches_it()
    {
        await using var host = await GatewayHost.Start();
        using var handler = new SocketsHttpHandler
        {
            Proxy = new WebProxy("http://127.0.0.1:1"),
            ConnectCallback = async (_, _) => new NetworkStream(await host.Dial(), ownsSocket: true),
        };
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1:7070/llm/openai/models") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", "wrong") } };

        var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("BOTS_TOKEN");
    }

    [Fact]
    public async Task The_proxy_is_not_there_on_the_public_port()
    {
        await using var host = await GatewayHost.Start(AllowLoopback);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.PublicUrl.Port, TestContext.Current.CancellationToken);

        await client.Client.Send(Connect("allowed.example:443"));

        (await client.Client.ReadUntil("\r\n")).ShouldNotContain(" 200 ");
        host.Gate.Targets.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_request_that_comes_byte_by_byte_finds_its_way()
    {
        await using var peer = TcpPeer.Echo();
        await using var host = await GatewayHost.Start(AllowLoopback);
        using var socket = await host.Dial();

        foreach (var letter in Connect($"allowed.example:{peer.Port}")) await socket.Send($"{letter}");

        (await socket.ReadUntil("\r\n\r\n")).ShouldBe(Established);
    }

    [Fact]
    public async Task A_stopping_service_cuts_what_is_open()
    {
        await using var peer = TcpPeer.Echo();
        var host = await GatewayHost.Start(AllowLoopback);
        using var socket = await host.Dial();
        await socket.Send(Connect($"allowed.example:{peer.Port}"));
        await socket.ReadUntil("\r\n\r\n");

        await host.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        (await socket.ReadAll()).ShouldBeEmpty();
        await host.Trail.Next();
        (await host.Trail.Next()).Kind.ShouldBe("egress.closed");
    }

    [Fact]
    public async Task A_gigabyte_goes_by_whole()
    {
        const int Size = 1 << 30;
        await using var peer = new TcpPeer(async (socket, cancellation) =>
        {
            var block = new byte[1 << 20];
            for (var sent = 0; sent < Size; sent += block.Length) await socket.SendAsync(block, cancellation);
            socket.Shutdown(SocketShutdown.Send);
        });
        await using var host = await GatewayHost.Start(AllowLoopback);
        using var socket = await host.Dial();
        await socket.Send(Connect($"allowed.example:{peer.Port}"));
        await socket.ReadUntil("\r\n\r\n");
        var (received, buffer) = (0L, new byte[256 * 1024]);
        var started = TimeProvider.System.GetTimestamp();

        while (await socket.ReceiveAsync(buffer.AsMemory(), TestContext.Current.CancellationToken) is > 0 and var count) received += count;

        received.ShouldBe(Size);
        TestContext.Current.TestOutputHelper!.WriteLine($"{Size / 1e6 / TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} MB/s");
        socket.Dispose();
        await host.Trail.Next();
        (await host.Trail.Next()).Data["bytesIn"]!.GetValue<long>().ShouldBe(Size);
    }
}
