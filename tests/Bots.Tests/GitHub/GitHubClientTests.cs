using Bots.Engine;
using Bots.Engine.Surfaces;
using Bots.GitHub;

namespace Bots.Tests.GitHub;

public class GitHubClientTests
{
    private const string Show = "GET /repos/octo/shop";
    private const string Post = "POST /repos/octo/shop/issues/3/comments";

    private static readonly RepositoryName Shop = RepositoryName.Parse("octo/shop");
    private static readonly string Reset = ManualTime.Noon.AddMinutes(20).ToUnixTimeSeconds().ToString();

    public static TheoryData<int, string, string, string, SurfaceOutcome, int?> Answers => new()
    {
        { 429, "Retry-After", "7", "slow down", SurfaceOutcome.Retry, 7 },
        { 403, "Retry-After", "30", "You have exceeded a secondary rate limit", SurfaceOutcome.Retry, 30 },
        { 403, "x-ratelimit-remaining", "0", "API rate limit exceeded", SurfaceOutcome.Retry, 1_200 },
        { 403, "x-ratelimit-remaining", "10", "You have exceeded a secondary rate limit", SurfaceOutcome.Retry, 60 },
        { 403, "x-ratelimit-remaining", "10", "Resource not accessible by integration", SurfaceOutcome.Rejected, null },
        { 401, "X", "", "Bad credentials", SurfaceOutcome.Retry, 60 },
        { 404, "X", "", "Not Found", SurfaceOutcome.Gone, null },
        { 410, "X", "", "Gone", SurfaceOutcome.Gone, null },
        { 422, "X", "", "body is too long", SurfaceOutcome.Rejected, null },
        { 409, "X", "", "Conflict", SurfaceOutcome.Retry, null },
        { 500, "X", "", "Server Error", SurfaceOutcome.Unknown, null },
        { 503, "Retry-After", "5", "Unavailable", SurfaceOutcome.Unknown, 5 },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task A_refused_comment_says_what_to_do_next(int status, string header, string value, string message, SurfaceOutcome outcome, int? seconds)
    {
        await using var kit = await GitHubKit.WithToken();
        kit.Stub.On(Post, $$"""{"message":"{{message}}"}""", status, (header, value), ("x-ratelimit-reset", Reset));

        var e = await Should.ThrowAsync<GitHubException>(() => kit.Client.Comment(Shop, 3, "hi", Cancellation));

        (e.Outcome, e.RetryAfter?.TotalSeconds).ShouldBe((outcome, seconds));
        e.Message.ShouldContain(message);
    }

    [Fact]
    public async Task A_failed_server_may_be_asked_again_for_what_changes_nothing()
    {
        await using var kit = await GitHubKit.WithToken();
        kit.Stub.On(Show, "<html>", 502);
        (await Should.ThrowAsync<GitHubException>(() => kit.Client.Repository(Shop, Cancellation))).Outcome.ShouldBe(SurfaceOutcome.Retry);
    }

    [Fact]
    public async Task When_a_comments_answer_never_comes_nobody_knows_whether_it_is_there()
    {
        await using var kit = await GitHubKit.WithToken();
        kit.Stub.On(Post, context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        (await Should.ThrowAsync<GitHubException>(() => kit.Client.Comment(Shop, 3, "hi", Cancellation))).Outcome.ShouldBe(SurfaceOutcome.Unknown);
    }

    [Fact]
    public async Task When_a_comments_answer_cannot_be_read_nobody_knows_whether_it_is_there()
    {
        await using var kit = await GitHubKit.WithToken();
        kit.Stub.On(Post, "<html>", 201);
        (await Should.ThrowAsync<GitHubException>(() => kit.Client.Comment(Shop, 3, "hi", Cancellation))).Outcome.ShouldBe(SurfaceOutcome.Unknown);
    }

    [Fact]
    public async Task When_nobody_listens_nothing_was_sent()
    {
        await using var kit = await GitHubKit.WithToken();
        await kit.Stub.DisposeAsync();
        (await Should.ThrowAsync<GitHubException>(() => kit.Client.Comment(Shop, 3, "hi", Cancellation))).Outcome.ShouldBe(SurfaceOutcome.Retry);
    }

    [Fact]
    public async Task Who_gives_up_gets_a_cancellation()
    {
        await using var kit = await GitHubKit.WithToken();
        await Should.ThrowAsync<OperationCanceledException>(() => kit.Client.Repository(Shop, new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_renamed_repository_is_followed_with_method_body_and_token(int status)
    {
        await using var kit = await GitHubKit.WithToken();
        kit.Stub.On(Post, "{}", status, ("Location", "/repositories/9/issues/3/comments")).On("POST /repositories/9/issues/3/comments", """{"id":12}""", 201);

        (await kit.Client.Comment(Shop, 3, "hi", Cancellation)).ShouldBe(12);

        kit.Stub.Calls[1].ShouldBe(new StubCall("POST /repositories/9/issues/3/comments", "Bearer ghp_plain", """{"body":"hi"}"""));
    }

    [Fact]
    public async Task The_token_is_not_carried_to_another_server()
    {
        await using var other = await StubGitHub.Start();
        await using var kit = await GitHubKit.WithToken();
        kit.Stub.On(Show, "{}", 307, ("Location", $"{other.Url}repos/octo/shop"));

        (await Should.ThrowAsync<GitHubException>(() => kit.Client.Repository(Shop, Cancellation))).Outcome.ShouldBe(SurfaceOutcome.Rejected);

        other.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_redirect_in_a_circle_ends()
    {
        await using var kit = await GitHubKit.WithToken();
        kit.Stub.On(Show, "{}", 301, ("Location", "/repos/octo/shop"));
        (await Should.ThrowAsync<GitHubException>(() => kit.Client.Repository(Shop, Cancellation))).Outcome.ShouldBe(SurfaceOutcome.Rejected);
    }

    [Fact]
    public async Task Pages_are_followed_to_the_last()
    {
        await using var kit = await GitHubKit.WithToken();
        kit.Stub.On("GET /repos/octo/shop/issues/3/comments?per_page=100&page=1", """[{"id":1}]""", 200,
                ("Link", $"<{kit.Stub.Url}repositories/9/issues/3/comments?page=2>; rel=\"next\", <{kit.Stub.Url}x?page=2>; rel=\"last\""))
            .On("GET /repositories/9/issues/3/comments?page=2", """[{"id":2}]""", 200, ("Link", $"<{kit.Stub.Url}x?page=1>; rel=\"first\""));

        (await kit.Client.Comments(Shop, 3, Cancellation).Select(c => c.Id).ToListAsync(Cancellation)).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_next_page_on_another_server_is_not_asked_for()
    {
        await using var other = await StubGitHub.Start();
        await using var kit = await GitHubKit.WithToken();
        kit.Stub.On("GET /repos/octo/shop/issues/3/comments?per_page=100&page=1", """[{"id":1}]""", 200, ("Link", $"<{kit.Stub.Url}/{other.Url.Authority}/next>; rel=\"next\""));

        (await Should.ThrowAsync<GitHubException>(async () => await kit.Client.Comments(Shop, 3, Cancellation).ToListAsync(Cancellation))).Outcome.ShouldBe(SurfaceOutcome.Rejected);

        other.Calls.ShouldBeEmpty();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
