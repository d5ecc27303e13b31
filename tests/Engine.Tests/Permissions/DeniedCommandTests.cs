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

    public static TheoryData<string> Slow => new(
        string.Join(' ', Enumerable.Repeat("sh", 5_400)),
        string.Join(' ', Enumerable.Repeat("env", 5_000)) + new string('a', 3_000),
        string.Join(" $X ", Enumerable.Repeat("env env env sh -c 'a b; c'", 5_000)),
        "xargs " + string.Join(' ', Enumerable.Repeat("'env env env env; sh sh sh sh'", 500)),
        "xargs " + string.Join(' ', Enumerable.Repeat("/a", 5_000)),
        "echo " + new string('x', 2_000_000));

    [Theory]
    [MemberData(nameof(Slow))]
    public void A_command_with_too_much_in_it_is_not_looked_through_but_denied_or_asked(string command)
    {
        CommandText.ToForbid(command).IsTooMuch.ShouldBeTrue();
        CommandText.ToForbid(command).Texts.Sum(text => text.Length).ShouldBeLessThanOrEqualTo(CommandParts.MostCharacters);

        Decide(Run(command), Of(deny: ["git push*"]))
            .ShouldBe(new PolicyAnswer(PolicyVerdict.Deny, "too long or too nested to be looked through, so denied by .bots.yml: git push*"));
        Decide(Run(command), Of(ask: ["git push*"], allow: ["*"])).Verdict.ShouldBe(PolicyVerdict.Ask);
        Decide(Run(command), Of(deny: ["edit: *"])).Verdict.ShouldBe(PolicyVerdict.Ask);
    }

    [Fact]
    public void A_command_behind_many_others_or_much_text_is_still_found()
    {
        Denied(string.Join(' ', Enumerable.Repeat("env", 200)) + " git push", "git push").ShouldBe(PolicyVerdict.Deny);
        Denied($"cat > a.txt <<EOF\n{string.Concat(Enumerable.Repeat("if (this is text) it is long\n", 1_000))}EOF\nenv git push", "git push").ShouldBe(PolicyVerdict.Deny);
        Denied($"cat > a.txt <<EOF\n{string.Concat(Enumerable.Repeat("if (this is text) it is long\n", 1_000))}EOF\n", "git push").ShouldBe(PolicyVerdict.Ask);
    }

    [Fact]
    public void Rules_made_to_be_slow_are_decided_soon()
    {
        var deny = Enumerable.Range(0, 100).Select(i => string.Concat(Enumerable.Repeat("*a", 60)) + $"b{i}").ToArray();
        var started = TimeProvider.System.GetTimestamp();

        Denied("echo " + new string('a', 15_000), deny).ShouldBe(PolicyVerdict.Ask);

        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }
}
