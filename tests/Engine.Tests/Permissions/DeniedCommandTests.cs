using Bots.Engine.Permissions;
using static Bots.Engine.Tests.Permissions.Rules;

namespace Bots.Engine.Tests.Permissions;

/// <summary>One part of a command is enough to deny it, or to ask about it.</summary>
public class DeniedCommandTests
{
    [Theory]
    [InlineData("git push")]
    [InlineData("git push origin main")]
    [InlineData("git  push")]
    [InlineData("  git push ")]
    [InlineData("\"git\" 'push'")]
    [InlineData("/usr/bin/git push")]
    [InlineData("GIT_TRACE=1 git push")]
    [InlineData("A=1 B='x y' git push")]
    [InlineData("npm test; git push")]
    [InlineData("npm test && git push")]
    [InlineData("npm test || git push")]
    [InlineData("npm test | git push")]
    [InlineData("npm test & git push")]
    [InlineData("npm test\ngit push")]
    [InlineData("npm test\r\ngit push")]
    [InlineData("echo $(git push)")]
    [InlineData("echo \"$(git push)\"")]
    [InlineData("echo `git push`")]
    [InlineData("(git push)")]
    [InlineData("{ git push; }")]
    [InlineData("cat <(git push)")]
    [InlineData("git push > out")]
    [InlineData("git push 2>&1 | tail")]
    [InlineData("git \\\n push")]
    [InlineData("g\\it push")]
    [InlineData("\"git\" push $X")]
    [InlineData("if true; then git push; fi")]
    [InlineData("for x in a b; do git push $x; done")]
    [InlineData("! git push")]
    [InlineData("time git push")]
    [InlineData("sh -c 'git push'")]
    [InlineData("bash -lc \"npm test && git push\"")]
    [InlineData("sh -c \"sh -c 'git push'\"")]
    [InlineData("eval git push")]
    [InlineData("eval 'git push'")]
    [InlineData("env -i X=1 git push")]
    [InlineData("nohup git push &")]
    [InlineData("timeout 5 git push")]
    [InlineData("sudo -u root git push")]
    [InlineData("echo origin | xargs git push")]
    [InlineData("find . -exec git push ;")]
    [InlineData("echo 'unclosed; git push")]
    public void It_is_found_wherever_it_stands(string command)
    {
        Denied(command, "execute: git push*").ShouldBe(PolicyVerdict.Deny);
        Denied(command, "git push*").ShouldBe(PolicyVerdict.Deny);
        Decide(Run(command), Of(allow: ["*"], ask: ["git push*"])).Verdict.ShouldBe(PolicyVerdict.Ask);
    }

    [Theory]
    [InlineData("git pull")]
    [InlineData("git status; git stash push")]
    [InlineData("git commit -m 'git push later'")]
    [InlineData("git commit -m \"now; git push\"")]
    [InlineData("echo git push")]
    [InlineData("grep -r 'git push' docs")]
    [InlineData("mygit push")]
    public void Words_that_only_mention_it_are_no_reason(string command) => Denied(command, "git push*").ShouldBe(PolicyVerdict.Ask);

    [Fact]
    public void A_pattern_may_look_at_the_whole_text() => Denied("npm test | tee $OUT", "*| tee *").ShouldBe(PolicyVerdict.Deny);

    [Fact]
    public void It_is_a_command_whatever_kind_the_agent_calls_it()
    {
        foreach (var kind in (string[])["read", "search", "other", "of_next_year"])
        {
            Decide(Run("git push") with { Kind = kind }, Of(deny: ["git push*"])).Verdict.ShouldBe(PolicyVerdict.Deny);
        }
    }

    [Fact]
    public void Where_the_agent_does_not_tell_the_command_its_title_counts() =>
        Decide(Run("") with { Command = null, Title = "git push origin" }, Of(deny: ["git push*"])).Verdict.ShouldBe(PolicyVerdict.Deny);

    [Fact]
    public void All_commands_can_be_denied() => Denied("anything $at {all}", "execute: *").ShouldBe(PolicyVerdict.Deny);

    [Fact]
    public void A_command_made_to_be_slow_is_decided_soon()
    {
        var deny = Enumerable.Range(0, 100).Select(i => string.Concat(Enumerable.Repeat("*a", 60)) + $"b{i}").ToArray();
        var started = TimeProvider.System.GetTimestamp();

        Denied(string.Join(' ', Enumerable.Repeat("env", 5_000)) + new string('a', 3_000), deny).ShouldBe(PolicyVerdict.Ask);
        Denied(string.Join(" $X ", Enumerable.Repeat("env env env sh -c 'a b; c'", 5_000)), "git push*").ShouldBe(PolicyVerdict.Ask);

        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }
}
