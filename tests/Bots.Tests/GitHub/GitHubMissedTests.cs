using Bots.GitHub;

namespace Bots.Tests.GitHub;

public sealed class GitHubMissedTests
{
    [Fact]
    public void What_failed_and_would_have_been_stored_is_looked_at_once_and_in_its_order()
    {
        GitHubAttempt[] failed =
        [
            Attempt(9, "late", "issue_comment", "created"),
            Attempt(8, "again", "issue_comment", "edited"),
            Attempt(7, "push", "push", null),
            Attempt(6, "again", "issue_comment", "edited"),
            Attempt(4, "gone", "issue_comment", "deleted"),
        ];

        GitHubMissed.Taken(failed).Select(a => a.Id).ShouldBe([8, 9]);
    }

    [Fact]
    public async Task Failed_deliveries_are_read_page_after_page_in_the_Apps_own_name()
    {
        await using var kit = await GitHubKit.WithApp();
        var second = $"{kit.Stub.Url}app/hook/deliveries?status=failure&per_page=100&cursor=v1_17";
        kit.Stub.On("GET /app/hook/deliveries?status=failure&per_page=100", Page(3, "a"), 200, ("Link", $"<{second}>; rel=\"next\""))
            .On("GET /app/hook/deliveries?status=failure&per_page=100&cursor=v1_17", Page(2, "b"));

        var found = new List<GitHubAttempt>();
        await foreach (var attempt in kit.Client.FailedDeliveries(TestContext.Current.CancellationToken)) found.Add(attempt);

        found.Select(a => (a.Id, a.Guid, a.Action)).ShouldBe([(3, "a", null), (2, "b", null)]);
        kit.Stub.Calls.ShouldAllBe(c => c.Authorization.StartsWith("Bearer ey", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(202, true)]
    [InlineData(404, false)]
    [InlineData(422, false)]
    public async Task A_delivery_that_GitHub_no_longer_has_is_let_be(int status, bool isSent)
    {
        await using var kit = await GitHubKit.WithApp();
        kit.Stub.On("POST /app/hook/deliveries/3/attempts", "", status);

        (await kit.Client.Redeliver(3, TestContext.Current.CancellationToken)).ShouldBe(isSent);
    }

    private static GitHubAttempt Attempt(long id, string guid, string name, string? action) => new(id, guid, ManualTime.Noon, name, action);

    private static string Page(int id, string guid) =>
        $$"""[{"id":{{id}},"guid":"{{guid}}","delivered_at":"2026-03-04T11:00:00Z","redelivery":false,"duration":0.1,"status":"failed to connect to host","status_code":0,"event":"push","action":null,"installation_id":5,"repository_id":1,"throttled_at":null}]""";
}
