using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Bots.Simulators.Tests.GitHub;

public sealed class AppAuthenticationTests
{
    [Fact]
    public async Task The_app_introduces_itself_by_client_id_or_by_app_id()
    {
        await using var hub = await Hub.Start();

        (await hub.Send("GET", "app", null, hub.AppJwt())).Json["slug"]!.GetValue<string>().ShouldBe("bots");
        (await hub.Send("GET", "app", null, hub.AppJwt(issuer: hub.Simulator.Options.AppId))).Status.ShouldBe(HttpStatusCode.OK);
        (await hub.Send("GET", "app", null, hub.AppJwt(issuer: "1001"))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(11, 60, "Iv23liSimulatedClient", "'Expiration time' claim ('exp') is too far in the future")]
    [InlineData(-1, 600, "Iv23liSimulatedClient", "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires")]
    [InlineData(9, -30, "Iv23liSimulatedClient", "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued")]
    [InlineData(9, 60, "somebody else", "Integration not found")]
    public async Task A_jwt_with_a_wrong_claim_is_refused(int minutes, int issuedSecondsAgo, string issuer, string message)
    {
        await using var hub = await Hub.Start();

        var answer = await hub.Send("GET", "app", null, hub.AppJwt(TimeSpan.FromMinutes(minutes), issuer, TimeSpan.FromSeconds(issuedSecondsAgo)));

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Message.ShouldBe(message);
    }

    [Fact]
    public async Task A_jwt_signed_by_another_key_is_refused()
    {
        await using var hub = await Hub.Start();
        using var other = RSA.Create(2048);
        var now = hub.Time.GetUtcNow();

        var answer = await hub.Send("GET", "app", null, Jwt.Create(other.ExportRSAPrivateKeyPem(), hub.Simulator.Options.ClientId, now, now.AddMinutes(5)));

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Message.ShouldBe("A JSON web token could not be decoded");
    }

    [Fact]
    public async Task A_jwt_that_names_another_algorithm_is_refused()
    {
        await using var hub = await Hub.Start();
        var now = hub.Time.GetUtcNow();

        var answer = await hub.Send("GET", "app", null, Jwt.Create(hub.Simulator.PrivateKey!, hub.Simulator.Options.ClientId, now, now.AddMinutes(5), "none"));

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_private_key_is_handed_out_in_PKCS1()
    {
        await using var hub = await Hub.Start();

        hub.Simulator.PrivateKey!.ShouldStartWith("-----BEGIN RSA PRIVATE KEY-----");
    }

    [Fact]
    public async Task An_app_with_a_key_of_its_own_is_known_by_the_public_half()
    {
        using var key = RSA.Create(2048);
        await using var hub = await Hub.Start(o => o with { PublicKey = key.ExportSubjectPublicKeyInfoPem() });
        var now = hub.Time.GetUtcNow();

        var answer = await hub.Send("GET", "app", null, Jwt.Create(key.ExportRSAPrivateKeyPem(), hub.Simulator.Options.ClientId, now, now.AddMinutes(5)));

        answer.Status.ShouldBe(HttpStatusCode.OK);
        hub.Simulator.PrivateKey.ShouldBeNull();
    }

    [Fact]
    public async Task An_installation_token_is_long_and_lives_for_an_hour()
    {
        await using var hub = await Hub.Start(isPrivate: true);
        var token = await hub.Token();
        token.ShouldStartWith("ghs_1001_");
        token.Length.ShouldBeGreaterThan(200);

        (await hub.Send("GET", "repos/acme/shop", null, token)).Status.ShouldBe(HttpStatusCode.OK);
        hub.Time.Advance(TimeSpan.FromMinutes(61));
        var late = await hub.Send("GET", "repos/acme/shop", null, token);

        late.Status.ShouldBe(HttpStatusCode.Unauthorized);
        late.Message.ShouldBe("Bad credentials");
    }

    [Fact]
    public async Task A_token_reaches_only_the_repositories_it_was_asked_for()
    {
        await using var hub = await Hub.Start(isPrivate: true);
        await hub.Simulator.CreateRepository("acme", "depot", new Dictionary<string, string> { ["a"] = "b" }, isPrivate: true);
        var token = await hub.Token("""{"repositories":["depot"]}""");

        (await hub.Send("GET", "repos/acme/depot", null, token)).Status.ShouldBe(HttpStatusCode.OK);
        (await hub.Send("GET", "repos/acme/shop", null, token)).Status.ShouldBe(HttpStatusCode.NotFound);
        var list = await hub.Send("GET", "installation/repositories", null, token);
        list.Json["repositories"]!.AsArray().Select(r => r!["full_name"]!.GetValue<string>()).ShouldBe(["acme/depot"]);
    }

    [Fact]
    public async Task A_token_asked_for_with_few_permissions_holds_no_more()
    {
        await using var hub = await Hub.Start();
        hub.Simulator.OpenIssue("ada", Hub.Shop, "Broken", "It is.");
        var token = await hub.Token("""{"permissions":{"contents":"read"}}""");

        var answer = await hub.Send("POST", "repos/acme/shop/issues/1/comments", """{"body":"hello"}""", token);

        answer.Status.ShouldBe(HttpStatusCode.Forbidden);
        answer.Message.ShouldBe("Resource not accessible by integration");
        hub.Simulator.Comments(Hub.Shop, 1).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"permissions":{"administration":"write"}}""")]
    [InlineData("""{"repositories":["nowhere"]}""")]
    public async Task A_token_for_more_than_was_granted_is_refused(string body)
    {
        await using var hub = await Hub.Start();

        var answer = await hub.Send("POST", $"app/installations/{hub.Simulator.Installation("acme").Id}/access_tokens", body, hub.AppJwt());

        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_revoked_token_is_worth_nothing()
    {
        await using var hub = await Hub.Start();
        var token = await hub.Token();

        (await hub.Send("DELETE", "installation/token", null, token)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await hub.Send("GET", "repos/acme/shop", null, token)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_suspended_installation_gets_no_token_and_its_tokens_stop()
    {
        await using var hub = await Hub.Start();
        var token = await hub.Token();
        hub.Simulator.Suspend("acme");

        (await hub.Send("GET", "repos/acme/shop", null, token)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var path = $"app/installations/{hub.Simulator.Installation("acme").Id}/access_tokens";
        (await hub.Send("POST", path, null, hub.AppJwt())).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Tokens_do_not_open_what_is_the_apps_own()
    {
        await using var hub = await Hub.Start();

        (await hub.Call("GET", "app")).Message.ShouldBe("A JSON web token could not be decoded");
        (await hub.Send("GET", "installation/repositories", null, hub.AppJwt())).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await hub.Call("GET", "user")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_installation_of_a_repository_is_found()
    {
        await using var hub = await Hub.Start();

        var found = await hub.Send("GET", "repos/acme/shop/installation", null, hub.AppJwt());
        found.Json["id"]!.GetValue<long>().ShouldBe(hub.Simulator.Installation("acme").Id);

        hub.Simulator.Select("acme", []);
        (await hub.Send("GET", "repos/acme/shop/installation", null, hub.AppJwt())).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_personal_token_acts_as_its_user()
    {
        await using var hub = await Hub.Start(o => o with { Token = "ghp_simple", TokenLogin = "robot" });
        hub.Simulator.OpenIssue("ada", Hub.Shop, "Broken", "It is.");

        var comment = await hub.Send("POST", "repos/acme/shop/issues/1/comments", """{"body":"hello"}""", "ghp_simple");

        comment.Status.ShouldBe(HttpStatusCode.Created);
        comment.Json["user"]!["login"]!.GetValue<string>().ShouldBe("robot");
        comment.Json["performed_via_github_app"].ShouldBeNull();
        (await hub.Send("GET", "user", null, "ghp_simple")).Json["login"]!.GetValue<string>().ShouldBe("robot");
        (await hub.Send("GET", "user/repos", null, "ghp_simple")).Json.AsArray().Count.ShouldBe(1);
        (await hub.Send("GET", "user", null, "ghp_wrong")).Message.ShouldBe("Bad credentials");
    }
}
