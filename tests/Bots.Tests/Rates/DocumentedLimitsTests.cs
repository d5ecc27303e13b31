using Bots.Engine.Rates;
using Bots.GitHub;
using Bots.Slack;

namespace Bots.Tests.Rates;

/// <summary>What is used of the rates that Slack and GitHub document.</summary>
public sealed class DocumentedLimitsTests
{
    [Theory]
    [InlineData("chat.update", 50)]
    [InlineData("reactions.add", 50)]
    [InlineData("conversations.replies", 50)]
    [InlineData("conversations.history", 50)]
    [InlineData("conversations.info", 50)]
    [InlineData("conversations.list", 20)]
    [InlineData("users.info", 100)]
    [InlineData("views.open", 100)]
    [InlineData("chat.postEphemeral", 100)]
    public void In_no_minute_a_method_of_Slack_is_called_more_often_than_its_tier_allows(string method, int perMinute)
    {
        var limit = SlackLimits.Call(method, "C1", 1).Limits.ShouldHaveSingleItem();
        Most(limit, TimeSpan.FromMinutes(1)).ShouldBeLessThanOrEqualTo(perMinute);
        limit.Reserve.ShouldBeInRange(1, limit.Burst - 1);
    }

    [Fact]
    public void Channels_share_nothing_but_what_the_workspace_allows()
    {
        var (one, other) = (SlackLimits.Call("chat.postMessage", "C1", 1), SlackLimits.Call("chat.postMessage", "C2", 1));
        one.Scope.ShouldBe(other.Scope);
        one.Limits.Select(l => l.Name).Intersect(other.Limits.Select(l => l.Name)).ShouldBe(["slack:chat.postMessage"]);
        one.Limits[0].Interval.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void On_GitHub_no_more_is_written_than_eighty_in_a_minute_and_five_hundred_in_an_hour()
    {
        var limits = GitHubLimits.Content("github:acme", 1).Limits;
        limits.Min(l => Most(l, TimeSpan.FromMinutes(1))).ShouldBeLessThanOrEqualTo(80);
        limits.Min(l => Most(l, TimeSpan.FromHours(1))).ShouldBeLessThanOrEqualTo(500);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(10_000)]
    public void A_factor_leaves_limits_that_can_be_met(double factor)
    {
        foreach (var limit in SlackLimits.Call("chat.update", "C1", factor).Limits.Concat(SlackLimits.Call("chat.postMessage", "C1", factor).Limits).Concat(GitHubLimits.Content("x", factor).Limits))
            (limit.Burst >= 1 && limit.Reserve < limit.Burst && limit.Interval > TimeSpan.Zero).ShouldBeTrue(limit.ToString());
    }

    private static double Most(RateLimit limit, TimeSpan window) => limit.Burst + (window / limit.Interval);
}
