using Bots.Sandbox.Sidecars;
using Bots.Sandbox.Tests.Support;

namespace Bots.Sandbox.Tests.Escapes;

/// <summary>Attempts to be somebody else at the control socket, spoken to straight from within: the same for every provider.</summary>
public abstract class ControlEscapeContract
{
    const int Limit = 60_000;

    private protected abstract IProviderUnderTest Under { get; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = Limit)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("%00")]
    [InlineData("' OR '1'='1")]
    [InlineData("null")]
    public async Task With_a_forged_token(string token)
    {
        await using var scene = await EscapeScene.Start(Under);

        await IsNobody(scene, token);
        await StillItself(scene);
    }

    [Fact(Timeout = Limit)]
    public async Task With_its_own_registration_token_once_more()
    {
        await using var scene = await EscapeScene.Start(Under);

        await IsNobody(scene, scene.Spec.RegistrationToken);
        await StillItself(scene);
    }

    [Fact(Timeout = Limit)]
    public async Task With_a_registration_token_that_has_expired()
    {
        var time = new ManualTime();
        await using var fixture = new SandboxFixture(Under, time);
        var attacker = await fixture.Start();
        var other = fixture.Spec();
        time.Advance(TimeSpan.FromMinutes(5));

        (await Ask(attacker, "POST", "/sidecar/register", other.RegistrationToken)).ShouldStartWith("HTTP/1.1 401");
        fixture.Hub.Find(other.Id).ShouldBeNull();
    }

    [Fact(Timeout = Limit)]
    public async Task With_a_neighbours_token()
    {
        await using var scene = await EscapeScene.Start(Under);
        var neighbour = await scene.Neighbour();
        var token = (await neighbour.Connection.Bash("printf %s $BOTS_TOKEN")).Output;

        await IsNobody(scene, token);
        await IsNobody(scene, neighbour.Spec.RegistrationToken);
        await neighbour.IsWell();
    }

    [Fact(Timeout = Limit)]
    public async Task With_what_can_be_worked_out_from_the_agents_token()
    {
        await using var scene = await EscapeScene.Start(Under);
        var token = (await scene.Attacker.Bash("printf %s $BOTS_TOKEN")).Output;

        foreach (var worked in new[] { token, SidecarTokens.Hash(token), SidecarTokens.SessionOf(token), token.ToUpperInvariant(), token + "=", scene.Spec.Id.Value }) await IsNobody(scene, worked);
        await StillItself(scene);
    }

    [Fact(Timeout = Limit)]
    public async Task With_the_agents_token_put_twice_or_dressed_up()
    {
        await using var scene = await EscapeScene.Start(Under);

        foreach (var headers in new[]
        {
            "Authorization: Bearer $t\\r\\nAuthorization: Bearer $t", "Authorization: Basic $t", "authorization: bearer  $t", "X-Api-Key: $t", "Authorization: Bearer x\\r\\n Bearer $t", "Cookie: token=$t",
            "X-Forwarded-For: 127.0.0.1\\r\\nX-Original-URL: /sidecar/connect",
        })
        {
            (await Speak(scene.Attacker, $"GET /sidecar/connect HTTP/1.1\\r\\nHost: c\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\nSec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n{headers}\\r\\n\\r\\n"))
                .ShouldMatch("^HTTP/1.1 (401|400)");
        }

        await StillItself(scene);
    }

    /// <summary>Neither registers nor connects.</summary>
    static async Task IsNobody(EscapeScene scene, string token)
    {
        (await Ask(scene.Attacker, "POST", "/sidecar/register", token)).ShouldStartWith("HTTP/1.1 401");
        (await Ask(scene.Attacker, "GET", "/sidecar/connect", token, "Connection: Upgrade\\r\\nUpgrade: websocket\\r\\nSec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n")).ShouldStartWith("HTTP/1.1 401");
    }

    /// <summary>Nobody took its place.</summary>
    static async Task StillItself(EscapeScene scene)
    {
        (await scene.Attacker.Bash("touch mine; echo here")).Output.ShouldBe("here\n");
        File.Exists(Path.Combine(scene.Spec.Workspace, "mine")).ShouldBeTrue();
        (await scene.Fixture.Connected(scene.Spec.Id)).ShouldBeSameAs(scene.Attacker);
    }

    static Task<string> Ask(ISandboxConnection sandbox, string method, string path, string token, string more = "") =>
        Speak(sandbox, $"{method} {path} HTTP/1.1\\r\\nHost: c\\r\\nContent-Length: 0\\r\\n{more}Authorization: Bearer {token}\\r\\n\\r\\n");

    /// <summary>Straight to the socket, past the sidecar's port.</summary>
    /// <param name="request">Perl, in which $t is the agent's token.</param>
    static async Task<string> Speak(ISandboxConnection sandbox, string request)
    {
        var said = await sandbox.Exec(
            new ExecRequest("/usr/bin/perl", ["-MSocket", "-e", $"my $t = $ENV{{BOTS_TOKEN}}; socket(my $s, AF_UNIX, SOCK_STREAM, 0); connect($s, pack_sockaddr_un('/run/bots/control.sock')) or die $!; syswrite $s, \"{request}\"; sysread $s, my $answer, 4096; print $answer"]),
            Cancellation);
        return said.Output;
    }
}
