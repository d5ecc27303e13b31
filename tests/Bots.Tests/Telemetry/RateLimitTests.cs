using System.Diagnostics.Metrics;
using System.Net;
using Bots.Engine;
using Bots.Engine.Surfaces;
using Bots.GitHub;
using Bots.Tests.GitHub;
using Bots.Tests.Slack;

namespace Bots.Tests.Telemetry;

public sealed class RateLimitTests
{
    private static readonly ConversationKey Thread = new("slack", "T1/C1/1.5");

    [Fact]
    public async Task A_pause_that_Slack_asks_for_is_measured()
    {
        var kit = new SlackKit();
        using var measured = new Measured(kit.Get<IMeterFactory>());
        kit.Slack.Answer("chat.postMessage", "", HttpStatusCode.TooManyRequests, retryAfter: 30);

        await Should.ThrowAsync<SurfaceException>(() => kit.Surface.Post(Thread, kit.Surface.Render(new Notice("n1", Thread, "hi", null)), CancellationToken.None));

        measured.All.ShouldBe(["bots_rate_limit_waits 30 by=slack"]);
    }

    [Theory]
    [InlineData(403, "Retry-After", "40", "You have exceeded a secondary rate limit", "bots_rate_limit_waits 40 by=github")]
    [InlineData(403, "X", "", "You have exceeded a secondary rate limit", "bots_rate_limit_waits 60 by=github")]
    [InlineData(429, "X", "", "slow down", "bots_rate_limit_waits 60 by=github")]
    [InlineData(403, "X", "", "Resource not accessible by integration", null)]
    [InlineData(503, "Retry-After", "5", "Unavailable", null)]
    public async Task A_pause_that_GitHub_asks_for_is_measured(int status, string header, string value, string message, string? expected)
    {
        await using var kit = await GitHubKit.WithToken();
        using var measured = new Measured(kit.Get<IMeterFactory>());
        kit.Stub.On("POST /repos/octo/shop/issues/3/comments", $$"""{"message":"{{message}}"}""", status, (header, value));

        await Should.ThrowAsync<GitHubException>(() => kit.Client.Comment(RepositoryName.Parse("octo/shop"), 3, "hi", TestContext.Current.CancellationToken));

        measured.All.ShouldBe(expected is null ? [] : [expected]);
    }
}
