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
    [InlineData("hey @helper do x", "hey do x")]
    [InlineData("hey @helper, do x", "hey do x")]
    [InlineData("thanks @helper", "thanks")]
    [InlineData("Looks good.\r\n\r\nCould you rename it, @Helper[bot]?", "Looks good.\n\nCould you rename it, ?")]
    [InlineData("> this is wrong\n\nagreed, @bots: fix it", "> this is wrong\n\nagreed, fix it")]
    [InlineData("see `@helper` in the docs, @helper explain it", "see `@helper` in the docs, explain it")]
    [InlineData("Please (@helper) look at @ana's change.", "Please () look at @ana's change.")]
    [InlineData("ask @helper.", "ask .")]
    public void A_mention_anywhere_in_what_somebody_says_makes_all_of_it_the_request(string comment, string text) => Read(comment).ShouldBe(new GitHubAsk.Prompt(text));

    [Theory]
    [InlineData("I wrote `@helper fix it` yesterday")]
    [InlineData("Try:\n\n```\n@helper fix it\n```")]
    [InlineData("Try:\n\n~~~ md\nfoo @helper fix it")]
    [InlineData("Try:\n\n    @helper fix it")]
    [InlineData("> please @helper fix it\n\nno, don't")]
    [InlineData("> please\n@helper fix it")]
    [InlineData("> > @helper fix it")]
    [InlineData("- > @helper fix it")]
    [InlineData("mail ops@helper or ops+x@bots.example")]
    [InlineData("mail @bots.example.com")]
    [InlineData("<ops@bots> and <!-- @helper fix it -->")]
    [InlineData("<!--\n@helper fix it\n-->")]
    [InlineData("see packages/@helper/core, node_modules/@bots")]
    [InlineData("see @helper/team and @helpers and @helper-two")]
    [InlineData("Fine.\n\nOn Tue, 3 Mar 2026 at 10:12, Ben <ben@example.com> wrote:\n@helper fix it")]
    [InlineData("Fine.\n\n-----Original Message-----\nFrom: Ben\n\n@helper fix it")]
    public void Code_quotes_mails_and_addresses_ask_nothing(string comment) => Read(comment).ShouldBeOfType<GitHubAsk.Nothing>();

    [Theory]
    [InlineData("don't @helper /approve that")]
    [InlineData("well, @helper: /stop")]
    public void A_command_in_the_midst_of_words_does_nothing_and_is_explained(string comment) => Read(comment).ShouldBeOfType<GitHubAsk.Unclear>();

    [Theory]
    [InlineData("fix it")]
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
