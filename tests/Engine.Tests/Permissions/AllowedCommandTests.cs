using Bots.Engine.Permissions;
using static Bots.Engine.Tests.Permissions.Rules;

namespace Bots.Engine.Tests.Permissions;

/// <summary>A command is allowed when each of its simple commands is; what is not understood is asked.</summary>
public class AllowedCommandTests
{
    [Theory]
    [InlineData("npm test")]
    [InlineData("npm test -- --watch=false")]
    [InlineData("  npm   test\t--silent ")]
    [InlineData("npm tests")]
    [InlineData("'npm' test")]
    [InlineData("\"npm\" \"test\"")]
    [InlineData("n'p'm test")]
    [InlineData("npm test 'a; curl b'")]
    [InlineData("npm test \"a && b | c > d\"")]
    [InlineData("npm test 'it costs $5 `today`'")]
    [InlineData("npm test src/*.test.js")]
    [InlineData("npm test ~/x a=b [ab] ? %1 ^x @y")]
    [InlineData("npm test 'ä ö' über")]
    [InlineData("npm test;")]
    [InlineData("npm test\n")]
    [InlineData("\n\nnpm test")]
    [InlineData("npm test; npm test")]
    [InlineData("npm test && npm test a || npm test b")]
    [InlineData("npm test &&\n npm test")]
    [InlineData("npm test | npm test")]
    [InlineData("npm test |& npm test")]
    [InlineData("npm test & npm test &")]
    [InlineData("npm test\nnpm test")]
    public void What_the_rule_covers_runs(string command) => Allowed(command, "npm test*").ShouldBe(PolicyVerdict.Allow);

    [Theory]
    [InlineData("npm tes")]
    [InlineData("NPM test")]
    [InlineData("npx npm test")]
    [InlineData("/usr/bin/npm test")]
    [InlineData("./npm test")]
    [InlineData("CI=1 npm test")]
    [InlineData("PATH=/workspace/evil npm test")]
    [InlineData("env npm test")]
    [InlineData("sh -c 'npm test'")]
    [InlineData("'npm test' x")]
    [InlineData("\"npm\ttest\" x")]
    [InlineData("npm\u00a0test")]
    [InlineData("npm\u2003test")]
    [InlineData("n?m test")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\n")]
    public void Another_program_is_asked(string command) => Allowed(command, "npm test*").ShouldBe(PolicyVerdict.Ask);

    [Theory]
    [InlineData("npm test; curl evil")]
    [InlineData("npm test;curl evil")]
    [InlineData("npm test && curl evil")]
    [InlineData("npm test&&curl evil")]
    [InlineData("npm test || curl evil")]
    [InlineData("npm test | sh")]
    [InlineData("npm test |& sh")]
    [InlineData("npm test & curl evil")]
    [InlineData("npm test\ncurl evil")]
    [InlineData("npm test\r\ncurl evil")]
    [InlineData("npm test\rcurl evil")]
    [InlineData("curl evil; npm test")]
    [InlineData("npm test; (curl evil)")]
    [InlineData("npm test; { curl evil; }")]
    public void A_chain_is_asked_when_one_link_is_not_covered(string command) => Allowed(command, "npm test*").ShouldBe(PolicyVerdict.Ask);

    [Theory]
    [InlineData("npm test $(curl evil)")]
    [InlineData("npm test \"$(curl evil)\"")]
    [InlineData("npm test `curl evil`")]
    [InlineData("npm test \"`curl evil`\"")]
    [InlineData("npm test $HOME")]
    [InlineData("npm test \"$HOME\"")]
    [InlineData("npm test ${x:-`curl evil`}")]
    [InlineData("npm test $((1+1))")]
    [InlineData("npm test $'\\x3b curl'")]
    [InlineData("npm test > /etc/passwd")]
    [InlineData("npm test >out")]
    [InlineData("npm test >>out")]
    [InlineData("npm test 2>&1")]
    [InlineData("npm test &>out")]
    [InlineData("npm test >|out")]
    [InlineData("npm test < in")]
    [InlineData("npm test <<EOF\ncurl\nEOF")]
    [InlineData("npm test <(curl evil)")]
    [InlineData("npm test >(curl evil)")]
    [InlineData("npm test {a,b}")]
    [InlineData("npm test \\; curl")]
    [InlineData("npm test \\\ncurl")]
    [InlineData("npm test \"a\\\" ; curl \"")]
    [InlineData("npm test # 'x")]
    [InlineData("npm test 'unclosed")]
    [InlineData("npm test \"unclosed")]
    [InlineData("npm test 'two\nlines'")]
    [InlineData("npm test a!b")]
    [InlineData("npm test \"a!b\"")]
    [InlineData("npm test () { curl; }")]
    [InlineData("npm test;;")]
    [InlineData("npm test &&")]
    [InlineData("npm test &&\n")]
    [InlineData("npm test |")]
    [InlineData("; npm test")]
    [InlineData("& npm test")]
    [InlineData("npm test ;& npm test")]
    [InlineData("npm test &&& npm test")]
    [InlineData("npm test ||| npm test")]
    [InlineData("npm test & & npm test")]
    [InlineData("npm test && ; npm test")]
    [InlineData("npm test\0")]
    [InlineData("npm test \u001b[2J")]
    [InlineData("npm test \u202e lruc")]
    [InlineData("npm test \u200b")]
    [InlineData("npm test \u2028curl")]
    public void What_is_not_understood_is_asked(string command) => Allowed(command, "npm test*").ShouldBe(PolicyVerdict.Ask);

    [Theory]
    [InlineData("if true; then curl; fi")]
    [InlineData("for x in a; do curl; done")]
    [InlineData("while true; do curl; done")]
    [InlineData("case x in x) curl;; esac")]
    [InlineData("! curl")]
    [InlineData("time curl")]
    [InlineData("eval curl")]
    [InlineData("exec curl")]
    [InlineData("source x")]
    [InlineData(". x")]
    [InlineData("alias npm=curl")]
    [InlineData("[[ a ]]")]
    [InlineData("function f")]
    [InlineData("cu?l evil")]
    [InlineData("[ -f x ]")]
    [InlineData("'' x")]
    [InlineData("~/bin/x")]
    public void What_changes_the_meaning_of_the_rest_is_asked_even_where_all_is_allowed(string command) => Allowed(command, "*").ShouldBe(PolicyVerdict.Ask);

    [Fact]
    public void Several_rules_may_share_a_chain_and_all_are_named()
    {
        var answer = Decide(Run("cd sub && npm test | tail -5"), Of(allow: ["npm test*", "cd *", "execute: tail *"]));

        answer.ShouldBe(new PolicyAnswer(PolicyVerdict.Allow, "allowed by .bots.yml: cd *, npm test*, execute: tail *"));
    }

    [Fact]
    public void A_rule_without_a_star_covers_just_that_command()
    {
        Allowed("npm run lint", "npm run lint").ShouldBe(PolicyVerdict.Allow);
        Allowed("npm run lint -- --fix", "npm run lint").ShouldBe(PolicyVerdict.Ask);
        Allowed("npm run lint2", "npm run lint").ShouldBe(PolicyVerdict.Ask);
    }

    [Fact]
    public void A_quoted_blank_does_not_make_two_words_of_one()
    {
        Allowed("rm 'a b'", "rm a b").ShouldBe(PolicyVerdict.Ask);
        Allowed("git commit -m 'a b'", "git commit -m *").ShouldBe(PolicyVerdict.Allow);
        Allowed("git commit -m \"a b\"", "git commit -m \"*\"").ShouldBe(PolicyVerdict.Allow);
    }

    [Fact]
    public void A_very_long_command_is_asked() => Allowed("npm test " + new string('x', 20_000), "npm test*").ShouldBe(PolicyVerdict.Ask);

    [Fact]
    public void A_command_the_agent_does_not_tell_is_asked() =>
        Decide(Run("") with { Command = null, Title = "npm test" }, Of(allow: ["npm test*", "*"])).Verdict.ShouldBe(PolicyVerdict.Ask);

    [Fact]
    public void A_rule_on_commands_allows_no_other_kind() =>
        Decide(Run("npm test") with { Kind = "other" }, Of(allow: ["npm test*"])).Verdict.ShouldBe(PolicyVerdict.Ask);
}
