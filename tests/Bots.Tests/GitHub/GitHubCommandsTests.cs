using Bots.Engine;
using Bots.Engine.Intake;
using Bots.GitHub;

namespace Bots.Tests.GitHub;

public class GitHubCommandsTests
{
    private const string Id = "0123456789ab";

    [Theory]
    [InlineData("@helper fix it", "fix it")]
    [InlineData("@HELPER fix it", "fix it")]
    [InlineData("@helper[bot] fix it", "fix it")]
    [InlineData("  @helper, fix it\r\nplease ", "fix it\nplease")]
    [InlineData("@helper: fix it", "fix it")]
    [InlineData("@bots fix it", "fix it")]
    [InlineData("/bots fix it", "fix it")]
    [InlineData("@helper", "")]
    [InlineData("/bots", "")]
    public void Words_after_the_mention_are_the_request(string comment, string text) => Read(comment).ShouldBe(new GitHubAsk.Prompt(text));

    [Theory]
    [InlineData("fix it")]
    [InlineData("thanks @helper")]
    [InlineData("> @helper fix it")]
    [InlineData("@helpers fix it")]
    [InlineData("@helper-two fix it")]
    [InlineData("@helper/team fix it")]
    [InlineData("@helper[bots] fix it")]
    [InlineData("/botsy fix it")]
    [InlineData("/approved")]
    [InlineData("/stopping")]
    [InlineData("")]
    public void Other_words_ask_nothing(string comment) => Read(comment).ShouldBeOfType<GitHubAsk.Nothing>();

    [Theory]
    [InlineData("/approve", null, PermissionDecision.AllowOnce)]
    [InlineData("/Approve", null, PermissionDecision.AllowOnce)]
    [InlineData("/approve always", null, PermissionDecision.AllowSession)]
    [InlineData("/approve " + Id, Id, PermissionDecision.AllowOnce)]
    [InlineData("/approve " + Id + " always\nthank you", Id, PermissionDecision.AllowSession)]
    [InlineData("@helper /approve " + Id, Id, PermissionDecision.AllowOnce)]
    [InlineData("/bots /deny " + Id, Id, PermissionDecision.Deny)]
    [InlineData("/deny", null, PermissionDecision.Deny)]
    public void Commands_decide(string comment, string? id, PermissionDecision decision)
    {
        var answer = Read(comment).ShouldBeOfType<GitHubAsk.Answer>().Decisions.ShouldHaveSingleItem();
        answer.ShouldBe(new GitHubAnswerTo(id is null ? null : new PermissionId(id), decision));
    }

    [Theory]
    [InlineData("/deny too risky", null, "too risky")]
    [InlineData("/deny " + Id + " use npm ci\ninstead", Id, "use npm ci\ninstead")]
    public void A_denial_may_say_why(string comment, string? id, string reason)
    {
        var answer = Read(comment).ShouldBeOfType<GitHubAsk.Answer>().Decisions.ShouldHaveSingleItem();
        answer.ShouldBe(new GitHubAnswerTo(id is null ? null : new PermissionId(id), PermissionDecision.Deny, reason));
    }

    [Theory]
    [InlineData("/approve no-issue")]
    [InlineData("/approve 0123456789AB")]
    [InlineData("/approve if the tests pass")]
    [InlineData("/approve always " + Id)]
    public void An_approval_nobody_understands_allows_nothing(string comment) => Read(comment).ShouldBeOfType<GitHubAsk.Unclear>();

    [Theory]
    [InlineData("/stop")]
    [InlineData("@helper /stop please")]
    public void Stop_stops(string comment) => Read(comment).ShouldBeOfType<GitHubAsk.Stop>();

    private static GitHubAsk Read(string comment) => GitHubCommands.Read(comment, ["helper", "bots"]);
}
