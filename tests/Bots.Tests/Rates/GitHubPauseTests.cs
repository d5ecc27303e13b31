using Bots.Engine;
using Bots.Engine.Surfaces;
using Bots.Tests.GitHub;

namespace Bots.Tests.Rates;

/// <summary>For how long, and for whom, GitHub is left alone after it refused a call.</summary>
public sealed class GitHubPauseTests
{
    private const string Post = "POST /repos/octo/shop/issues/3/comments";

    private static readonly ConversationKey Here = new("github", "octo/shop#3");
    private static readonly ConversationKey Beside = new("github", "octo/shop#4");
    private static readonly SurfaceMessage Message = new() { Key = "prompt:prm_1", Content = "Working" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_that_is_limited_is_left_alone_everywhere_and_others_are_not()
    {
        await using var kit = await GitHubKit.WithApp();
        kit.Stub.WithApp(ManualTime.Noon.AddHours(1), "acme/site").On(Post, """{"message":"slow down"}""", 429, ("Retry-After", "3600")).On("POST /repos/acme/site/issues/1/comments", """{"id":1}""", 201);

        await Refused(kit, Here, TimeSpan.FromHours(1));
        var calls = kit.Stub.Calls.Count;
        await Refused(kit, Beside, TimeSpan.FromHours(1));
        kit.Surface.Admit(Beside, Message, isEdit: false, urgent: true).ShouldBe(TimeSpan.FromHours(1));
        kit.Stub.Calls.Count.ShouldBe(calls);

        (await kit.Surface.Post(new("github", "acme/site#1"), Message, Cancellation)).ShouldBe("1");
        kit.Holds.All.ShouldHaveSingleItem().ShouldBe(new("github:octo", ManualTime.Noon.AddHours(1)));
    }

    [Fact]
    public async Task A_spent_hour_is_waited_for_until_it_begins_anew()
    {
        await using var kit = await GitHubKit.WithApp();
        var reset = ManualTime.Noon.AddMinutes(25).ToUnixTimeSeconds().ToString();
        kit.Stub.On(Post, """{"message":"API rate limit exceeded"}""", 403, ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset));

        await Refused(kit, Here, TimeSpan.FromMinutes(25));
    }

    [Fact]
    public async Task The_last_call_of_an_hour_is_followed_by_none()
    {
        await using var kit = await GitHubKit.WithApp();
        var reset = ManualTime.Noon.AddMinutes(25).ToUnixTimeSeconds().ToString();
        kit.Stub.On(Post, """{"id":7}""", 201, ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset));

        (await kit.Surface.Post(Here, Message, Cancellation)).ShouldBe("7");

        kit.Surface.Admit(Here, Message, isEdit: true, urgent: true).ShouldBe(TimeSpan.FromMinutes(25));
    }

    [Fact]
    public async Task Without_a_time_a_minute_is_waited_and_twice_as_long_after_each_refusal()
    {
        await using var kit = await GitHubKit.WithApp();
        kit.Stub.On(Post, """{"message":"You have exceeded a secondary rate limit."}""", 403);
        foreach (var minutes in (int[])[1, 2, 4])
        {
            await Refused(kit, Here, TimeSpan.FromMinutes(minutes));
            kit.Time.Now += TimeSpan.FromMinutes(minutes);
        }

        kit.Stub.On(Post, """{"id":7}""", 201);
        (await kit.Surface.Post(Here, Message, Cancellation)).ShouldBe("7");
        kit.Stub.On(Post, """{"message":"You have exceeded a secondary rate limit."}""", 403);
        await Refused(kit, Here, TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData(404, "Not Found")]
    [InlineData(410, "This issue was deleted")]
    [InlineData(403, "Unable to create comment because issue is locked.")]
    public async Task An_issue_that_takes_no_comments_any_more_is_gone(int status, string message)
    {
        await using var kit = await GitHubKit.WithApp();
        kit.Stub.On(Post, $$"""{"message":"{{message}}"}""", status);
        (await Should.ThrowAsync<SurfaceException>(() => kit.Surface.Post(Here, Message, Cancellation))).Outcome.ShouldBe(SurfaceOutcome.PlaceGone);
    }

    private static async Task Refused(GitHubKit kit, ConversationKey place, TimeSpan pause)
    {
        var failure = await Should.ThrowAsync<SurfaceException>(() => kit.Surface.Post(place, Message, Cancellation));
        (failure.Outcome, failure.IsLimit, failure.RetryAfter).ShouldBe((SurfaceOutcome.Retry, true, pause));
    }
}
