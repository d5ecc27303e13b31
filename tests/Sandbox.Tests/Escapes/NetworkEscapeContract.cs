using System.Net;
using System.Net.Sockets;
using Bots.Sandbox.Tests.Support;
using static Bots.Sandbox.Tests.Escapes.Kernel;

namespace Bots.Sandbox.Tests.Escapes;

/// <summary>Attempts to speak with anybody but the service, judged by whether somebody came: the same for every provider.</summary>
public abstract class NetworkEscapeContract
{
    const int Limit = 60_000;

    private protected abstract IProviderUnderTest Under { get; }

    [Fact(Timeout = Limit)]
    public async Task To_a_port_of_the_host()
    {
        await using var scene = await EscapeScene.Start(Under);
        using var listener = EscapeScene.Listen(new IPEndPoint(IPAddress.Any, 0));
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        var addresses = (await Dns.GetHostAddressesAsync(Dns.GetHostName(), AddressFamily.InterNetwork, TestContext.Current.CancellationToken)).Select(a => $"{a}").Union(["127.0.0.1", "127.0.0.2", "0.0.0.0", "172.17.0.1", "10.0.2.2", "192.168.65.2"]);

        await scene.Attempt($"for host in {string.Join(' ', addresses)}; do (exec 3<>/dev/tcp/$host/{port}) && echo {EscapeScene.Success} $host; done; true");

        EscapeScene.Visited(listener).ShouldBeFalse();
    }

    [Fact(Timeout = Limit)]
    public async Task To_an_abstract_socket_of_the_host()
    {
        await using var scene = await EscapeScene.Start(Under);
        var name = $"bots-{Guid.NewGuid():N}";
        using var listener = EscapeScene.Listen(new UnixDomainSocketEndPoint($"\0{name}"));

        var said = await scene.Perl($"use Socket; for my $type (SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET) {{ socket(my $s, AF_UNIX, $type, 0) or next; print connect($s, pack_sockaddr_un(\"\\0{name}\")) ? '{EscapeScene.Success}' : \"refused: $!\\n\" }} open my $u, '<', '/proc/net/unix'; print <$u>;");

        said.ShouldContain("refused");
        said.ShouldNotContain(name);
        EscapeScene.Visited(listener).ShouldBeFalse();
    }

    [Fact(Timeout = Limit)]
    public async Task To_a_socket_file_of_the_host()
    {
        await using var scene = await EscapeScene.Start(Under);
        var place = Path.Combine(scene.Fixture.Folder("sockets"), "s");
        using var listener = EscapeScene.Listen(new UnixDomainSocketEndPoint(place));

        var said = await scene.Perl(
            $"use Socket; symlink '{place}', '/workspace/link'; for my $p ('{place}', '/workspace/link', '/proc/1/root{place}', '/var/run/docker.sock', '/run/docker.sock', '/proc/1/root/run/docker.sock', '/run/podman/podman.sock', '/run/containerd/containerd.sock', '/run/dbus/system_bus_socket', '/run/systemd/private') "
            + $"{{ socket(my $s, AF_UNIX, SOCK_STREAM, 0); print connect($s, pack_sockaddr_un($p)) ? '{EscapeScene.Success}' : \"refused: $!\\n\" }}");

        said.Split('\n').Count(l => l.StartsWith("refused", StringComparison.Ordinal)).ShouldBe(10);
        EscapeScene.Visited(listener).ShouldBeFalse();
    }

    [Theory(Timeout = Limit)]
    [InlineData("169.254.169.254/80")]
    [InlineData("169.254.170.2/80")]
    [InlineData("100.100.100.200/80")]
    [InlineData("fd00:ec2::254/80")]
    [InlineData("metadata.google.internal/80")]
    [InlineData("10.0.0.1/22")]
    [InlineData("192.0.2.1/443")]
    public async Task To_addresses_that_answer_machines(string target)
    {
        await using var scene = await EscapeScene.Start(Under);

        await scene.Attempt($"(exec 3<>/dev/tcp/{target}) && echo {EscapeScene.Success}; (echo x > /dev/udp/{target}) 2>/dev/null && echo {EscapeScene.Success} udp; true");
    }

    [Fact(Timeout = Limit)]
    public async Task By_asking_for_names()
    {
        await using var scene = await EscapeScene.Start(Under);

        var said = await scene.Perl(
            "use Socket; for my $name ('example.com', 'loot.attacker.example', 'host.docker.internal', 'metadata.google.internal') { print gethostbyname($name) ? '" + EscapeScene.Success + "' : \"refused $name\\n\" }"
            + "for my $to ('1.1.1.1', '8.8.8.8', '169.254.169.253', '192.0.2.53', '224.0.0.251') { socket(my $s, AF_INET, SOCK_DGRAM, 0); print send($s, 'x' x 20, 0, sockaddr_in(53, inet_aton($to))) ? '" + EscapeScene.Success + "' : \"refused $to: $!\\n\" }");

        said.Split('\n').Count(l => l.StartsWith("refused", StringComparison.Ordinal)).ShouldBe(9);
    }

    [Fact(Timeout = Limit)]
    public async Task To_a_port_of_a_neighbour()
    {
        await using var scene = await EscapeScene.Start(Under);
        var neighbour = await scene.Neighbour("exec perl -MSocket -e '$| = 1; socket(my $s, AF_INET, SOCK_STREAM, 0); bind($s, sockaddr_in(0, INADDR_ANY)); listen($s, 5); print +(sockaddr_in(getsockname $s))[0], \"\\n\"; accept(my $c, $s); print \"somebody came\\n\"; sleep 1000'");
        var port = (await neighbour.Connection.ReadSome("work", 2)).Texts().Last();

        await scene.Attempt($"(exec 3<>/dev/tcp/127.0.0.1/{port}) && echo {EscapeScene.Success}; (exec 3<>/dev/tcp/0.0.0.0/{port}) && echo {EscapeScene.Success}; true");

        (await neighbour.Connection.Bash($"awk '$4 == \"0A\"' /proc/net/tcp | wc -l")).Output.ShouldBe("2\n", "its listener waits on, beside the sidecar's");
        await neighbour.IsWell();
    }

    [Fact(Timeout = Limit)]
    public async Task By_giving_itself_a_network()
    {
        await using var scene = await EscapeScene.Start(Under);

        // SIOCSIFADDR and SIOCSIFFLAGS on lo and eth0, SIOCADDRT, SIOCETHTOOL, and TUNSETIFF where there were a device.
        var said = await scene.Perl(
            "use Socket; socket(my $s, AF_INET, SOCK_DGRAM, 0); my $a = pack('Sna4x8', 2, 0, inet_aton('10.9.8.7')); for my $i ('lo', 'eth0') {"
            + Call("ioctl", "fileno($s), 0x8916, pack('a16', $i) . $a") + Call("ioctl", "fileno($s), 0x8914, pack('a16S', $i, 0x1043) . (\"\\0\" x 24)") + "}"
            + Call("ioctl", "fileno($s), 0x890B, \"\\0\" x 120")
            + "socket(my $n, 16, 3, 0) or print \"refused netlink\\n\"; my $m = pack('LSSLL CCSlLL SSa8', 44, 16, 0x605, 1, 0, 0, 0, 0, 0, 0, 0, 12, 3, 'dummy9'); defined send($n, $m, 0) or print \"unsent: $!\n\"; my $r; recv($n, $r, 4096, 0x40); my $e = unpack('x16l', $r); print $e == -1 ? \"refused link $e\\n\" : '" + EscapeScene.Success + "'; "
            + "open my $d, '<', '/proc/net/dev'; print map { /^\\s*(\\w+):/ ? \"interface $1\\n\" : () } <$d>;");

        said.Split('\n').Where(l => l.StartsWith("interface", StringComparison.Ordinal)).ShouldBe(["interface lo"]);
        said.Split('\n').Count(l => l.StartsWith("refused", StringComparison.Ordinal)).ShouldBe(6, said);
    }

    [Theory(Timeout = Limit)]
    [InlineData("vsock", "40, 1, 0", "pack('SSLLx4', 40, 0, 1024, 2)")]
    [InlineData("raw", "2, 3, 1", "pack('Sna4x8', 2, 0, \"\\x7f\\0\\0\\1\")")]
    [InlineData("raw IPv6", "10, 3, 58", "pack('Sna4a16L', 10, 0, '', \"\\0\" x 15 . \"\\1\", 0)")]
    [InlineData("packet", "17, 3, 0x300", "pack('SnlSCCa8', 17, 3, 1, 0, 0, 0, '')")]
    [InlineData("kernel crypto", "38, 5, 0", "pack('Sa14LLa64', 38, 'hash', 0, 0, 'sha256')")]
    [InlineData("bluetooth", "31, 3, 1", "pack('SSS', 31, 0, 0)")]
    public async Task Over_other_kinds_of_sockets(string kind, string socket, string address)
    {
        await using var scene = await EscapeScene.Start(Under);

        (await scene.Perl($"my $s; print((socket($s, {socket}) && connect($s, {address})) ? '{EscapeScene.Success}' : \"refused {kind}: $!\\n\");")).ShouldContain($"refused {kind}");
    }

    [Fact(Timeout = Limit)]
    public async Task By_asking_the_kernels_audit_log()
    {
        await using var scene = await EscapeScene.Start(Under);

        // AUDIT_GET: whoever is answered with anything but an error may go on to write rules.
        var said = await scene.Perl(
            "my $n; my $r; if (!socket($n, 16, 3, 9)) { print \"refused audit: $!\n\" } elsif (!defined send($n, pack('LSSLL', 16, 1000, 5, 1, 0), 0)) { print \"refused audit: $!\n\" }"
            + " else { recv($n, $r, 4096, 0x40); my ($type, $error) = unpack('x4Sx10l', $r); print $type == 2 && $error < 0 ? \"refused audit $error\n\" : '" + EscapeScene.Success + "'; }");

        said.ShouldContain("refused audit");
    }
}
