using Bots.Engine;
using Bots.Engine.Intake;
using Bots.GitHub;

namespace Bots.Tests.GitHub;

public class GitHubMarkersTests
{
    private static readonly PermissionId One = new("0123456789ab");
    private static readonly PermissionId Two = new("ba9876543210");

    private static readonly string Body = string.Join('\n',
        from id in new[] { One, Two }
        from decision in new[] { PermissionDecision.AllowOnce, PermissionDecision.AllowSession, PermissionDecision.Deny }
        select GitHubMarkers.Checkbox(id, decision));

    [Theory]
    [InlineData(PermissionDecision.AllowOnce)]
    [InlineData(PermissionDecision.AllowSession)]
    [InlineData(PermissionDecision.Deny)]
    public void A_box_that_was_checked_is_a_decision(PermissionDecision decision) =>
        GitHubMarkers.Clicked(Body, Check(Body, Two, decision)).ShouldBe([(Two, decision)]);

    [Fact]
    public void Line_ends_as_browsers_send_them_change_nothing() =>
        GitHubMarkers.Clicked(Body, Check(Body, One, PermissionDecision.Deny).ReplaceLineEndings("\r\n")).ShouldBe([(One, PermissionDecision.Deny)]);

    [Fact]
    public void Of_several_boxes_the_one_that_allows_least_counts() =>
        GitHubMarkers.Clicked(Body, Check(Check(Body, One, PermissionDecision.AllowSession), One, PermissionDecision.Deny)).ShouldBe([(One, PermissionDecision.Deny)]);

    [Fact]
    public void A_box_that_was_checked_before_or_is_unchecked_now_is_none()
    {
        var boxChecked = Check(Body, One, PermissionDecision.AllowOnce);
        GitHubMarkers.Clicked(boxChecked, boxChecked).ShouldBeEmpty();
        GitHubMarkers.Clicked(boxChecked, Body).ShouldBeEmpty();
    }

    [Fact]
    public void A_box_that_was_not_there_before_is_none() =>
        GitHubMarkers.Clicked("text", Check(Body, One, PermissionDecision.AllowOnce)).ShouldBeEmpty();

    [Theory]
    [InlineData("prompt:prm_1", "<!-- bots:key=prompt:prm_1 -->")]
    [InlineData("notice:a-b", "<!-- bots:key=notice:a-b -->")]
    [InlineData("notice:--><b>", "<!-- bots:key=notice:-%2D%3E%3Cb%3E -->")]
    public void A_key_cannot_end_its_own_comment(string key, string marker) => GitHubMarkers.Key(key).ShouldBe(marker);

    private static string Check(string body, PermissionId id, PermissionDecision decision)
    {
        var box = GitHubMarkers.Checkbox(id, decision);
        return body.Replace(box, box.Replace("[ ]", "[x]", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
