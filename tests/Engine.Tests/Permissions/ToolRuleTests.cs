using Bots.Engine.Permissions;

namespace Bots.Engine.Tests.Permissions;

public class ToolRuleTests
{
    [Theory]
    [InlineData("npm test*", "execute", "npm test*")]
    [InlineData("  npm   test  ", "execute", "npm test")]
    [InlineData("execute: npm test", "execute", "npm test")]
    [InlineData("execute:npm test", "execute", "npm test")]
    [InlineData("execute: echo a: b", "execute", "echo a: b")]
    [InlineData("npm run test:unit", "execute", "npm run test:unit")]
    [InlineData("npm:run", "execute", "npm:run")]
    [InlineData("./x:y z", "execute", "./x:y z")]
    [InlineData("edit: .github/**", "edit", ".github/**")]
    [InlineData("fetch: https://x.example/*", "fetch", "https://x.example/*")]
    [InlineData("switch_mode: *", "switch_mode", "*")]
    public void It_is_a_kind_and_a_pattern(string text, string kind, string pattern)
    {
        ToolRule.TryParse(text, out var rule, out _).ShouldBeTrue();

        (rule.Kind, rule.Pattern).ShouldBe((kind, pattern));
    }

    [Theory]
    [InlineData("", "has no pattern")]
    [InlineData("execute:", "has no pattern")]
    [InlineData("edit: ", "has no pattern")]
    [InlineData("exec: npm test", "'exec' is no kind of tool call; use one of execute, edit")]
    [InlineData("Execute: npm test", "'Execute' is no kind")]
    [InlineData("npm test\nrm", "line break")]
    [InlineData("edit: /etc/passwd", "no path below the workspace")]
    [InlineData("edit: ../x", "no path below the workspace")]
    [InlineData("edit: a/./b", "no path below the workspace")]
    [InlineData("edit: a//b", "no path below the workspace")]
    [InlineData("edit: !a", "begins with '!'")]
    public void What_is_wrong_with_it_is_said(string text, string problem)
    {
        ToolRule.TryParse(text, out var rule, out var said).ShouldBeFalse();

        rule.ShouldBeNull();
        said.ShouldNotBeNull().ShouldContain(problem);
    }

    [Fact]
    public void It_has_an_end()
    {
        ToolRule.TryParse(new string('x', ToolRule.MostCharacters), out _, out _).ShouldBeTrue();
        ToolRule.TryParse(new string('x', ToolRule.MostCharacters + 1), out _, out var problem).ShouldBeFalse();
        problem.ShouldContain("200 characters");
    }
}
