using Microsoft.AspNetCore.Http;
using System.Text.Json;
using Bots.Engine;
using Bots.Engine.Surfaces;
using Bots.GitHub;

namespace Bots.Tests.GitHub;

public class GitHubTokensTests
{
    private const string Create = "POST /app/installations/5/access_tokens";
    private const string Installation = "GET /repos/octo/shop/installation";

    private static readonly RepositoryName Shop = RepositoryName.Parse("octo/shop");

    [Fact]
    public async Task A_token_is_for_one_repository_and_no_more_than_it_needs()
    {
        await using var kit = await GitHubKit.WithApp();
        await kit.Tokens.Token(Shop, GitHubScope.Api, Cancellation);
        await kit.Tokens.Token(Shop, GitHubScope.Git, Cancellation);

        kit.Stub.Calls.Where(c => c.Line == Create).Select(c => c.Body).ShouldBe([
            """{"permissions":{"metadata":"read","contents":"read","issues":"write","pull_requests":"write"},"repositories":["shop"]}""",
            """{"permissions":{"metadata":"read","contents":"write"},"repositories":["shop"]}""",
        ]);
        kit.Stub.Calls.ShouldAllBe(c => c.Authorization.StartsWith("Bearer ey"));
    }

    [Fact]
    public async Task A_token_is_kept_until_five_minutes_before_its_end()
    {
        await using var kit = await GitHubKit.WithApp();
        await kit.Tokens.Token(Shop, GitHubScope.Api, Cancellation);
        kit.Time.Now = ManualTime.Noon.AddMinutes(54);
        await kit.Tokens.Token(Shop, GitHubScope.Api, Cancellation);
        kit.Stub.Calls.Count(c => c.Line == Create).ShouldBe(1);

        kit.Time.Now = ManualTime.Noon.AddMinutes(55);
        await kit.Tokens.Token(Shop, GitHubScope.Api, Cancellation);
        kit.Stub.Calls.Count(c => c.Line == Create).ShouldBe(2);
    }

    [Fact]
    public async Task Many_who_need_one_at_once_share_it()
    {
        await using var kit = await GitHubKit.WithApp();
        var held = new TaskCompletionSource();
        kit.Stub.On(Installation, async context =>
        {
            await held.Task;
            await context.Response.WriteAsync("""{"id":5}""", Cancellation);
        });

        var waiting = Enumerable.Range(0, 20).Select(_ => kit.Tokens.Token(Shop, GitHubScope.Api, Cancellation)).ToList();
        held.SetResult();

        (await Task.WhenAll(waiting)).Distinct().ShouldBe(["ghs_7_test"]);
        kit.Stub.Calls.Count(c => c.Line == Create).ShouldBe(1);
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        await using var kit = await GitHubKit.WithApp();
        kit.Stub.On(Installation, "{}", 502);
        await Should.ThrowAsync<GitHubException>(() => kit.Tokens.Token(Shop, GitHubScope.Api, Cancellation));

        kit.Stub.On(Installation, """{"id":5}""");
        (await kit.Tokens.Token(Shop, GitHubScope.Api, Cancellation)).ShouldBe("ghs_7_test");
    }

    [Fact]
    public async Task A_token_that_is_no_longer_taken_is_replaced_once()
    {
        await using var kit = await GitHubKit.WithApp();
        kit.Stub.On("GET /repos/octo/shop", """{"message":"Bad credentials"}""", 401);

        await Should.ThrowAsync<GitHubException>(() => kit.Client.Repository(Shop, Cancellation));

        kit.Stub.Calls.Count(c => c.Line == Create).ShouldBe(2);
        kit.Stub.Calls.Count(c => c.Line == "GET /repos/octo/shop").ShouldBe(2);
    }

    [Fact]
    public async Task An_App_that_was_installed_anew_is_found_again()
    {
        await using var kit = await GitHubKit.WithApp();
        await kit.Tokens.Token(Shop, GitHubScope.Git, Cancellation);
        kit.Stub.On(Create, "{}", 404).On(Installation, """{"id":6}""")
            .On("POST /app/installations/6/access_tokens", JsonSerializer.Serialize(new { token = "ghs_new", expires_at = ManualTime.Noon.AddHours(1) }), 201);

        (await kit.Tokens.Token(Shop, GitHubScope.Api, Cancellation)).ShouldBe("ghs_new");
    }

    [Fact]
    public async Task Where_the_App_is_not_installed_people_are_told_so()
    {
        await using var kit = await GitHubKit.WithApp();
        kit.Stub.On(Installation, """{"message":"Not Found"}""", 404);
        var e = await Should.ThrowAsync<GitHubException>(() => kit.Tokens.Token(Shop, GitHubScope.Api, Cancellation));
        (e.Outcome, e.Message).ShouldBe((SurfaceOutcome.PlaceGone, "the App is not installed on octo/shop"));
    }

    [Fact]
    public async Task A_plain_token_is_used_as_it_is()
    {
        await using var kit = await GitHubKit.WithToken();
        (await kit.Tokens.Token(Shop, GitHubScope.Git, Cancellation)).ShouldBe("ghp_plain");
        kit.Stub.Calls.ShouldBeEmpty();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
