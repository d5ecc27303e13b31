using Bots.Engine.Permissions;
using Bots.Engine.Sessions;

namespace Bots.Engine.Tests.Permissions;

public class PermissionPolicyTests
{
    [Theory]
    [InlineData("read", "/workspace/a.js", PolicyVerdict.Allow)]
    [InlineData("search", "/workspace", PolicyVerdict.Allow)]
    [InlineData("edit", "/workspace/src/a.js", PolicyVerdict.Allow)]
    [InlineData("edit", "src/a.js", PolicyVerdict.Allow)]
    [InlineData("edit", "/workspace/../etc/passwd", PolicyVerdict.Ask)]
    [InlineData("edit", "/workspace2/a.js", PolicyVerdict.Ask)]
    [InlineData("edit", "/home/agent/.bashrc", PolicyVerdict.Ask)]
    [InlineData("edit", "/workspace/.git/hooks/pre-commit", PolicyVerdict.Ask)]
    [InlineData("edit", "/workspace/sub/.GIT/config", PolicyVerdict.Ask)]
    [InlineData("edit", "/workspace/a\0.js", PolicyVerdict.Ask)]
    [InlineData("delete", "/workspace/a.js", PolicyVerdict.Ask)]
    [InlineData("move", "/workspace/a.js", PolicyVerdict.Ask)]
    [InlineData("fetch", "https://example.com", PolicyVerdict.Ask)]
    [InlineData("something_new", "/workspace/a.js", PolicyVerdict.Ask)]
    public void The_default_rules_hold(string kind, string path, PolicyVerdict expected) =>
        PermissionPolicy.Decide(new ToolCall { Id = "1", Kind = kind, Paths = [path] }, new HashSet<string>(), PolicyRules.None).Verdict.ShouldBe(expected);

    [Fact]
    public void An_edit_of_unknown_files_is_asked() =>
        PermissionPolicy.Decide(new ToolCall { Id = "1", Kind = "edit" }, new HashSet<string>(), PolicyRules.None).Verdict.ShouldBe(PolicyVerdict.Ask);

    [Fact]
    public void A_diff_outside_the_workspace_is_asked_even_if_the_location_is_inside() =>
        PermissionPolicy.Decide(new ToolCall { Id = "1", Kind = "edit", Paths = ["/workspace/a"], Diffs = [new("/etc/x", null, "")] }, new HashSet<string>(), PolicyRules.None)
            .Verdict.ShouldBe(PolicyVerdict.Ask);

    [Fact]
    public void A_command_allowed_for_the_session_is_allowed_again_but_no_other()
    {
        var test = new ToolCall { Id = "1", Kind = "execute", Command = "npm test" };
        var grants = new HashSet<string> { PermissionPolicy.Subject(test) };

        PermissionPolicy.Decide(test with { Id = "2", Title = "again" }, grants, PolicyRules.None).Verdict.ShouldBe(PolicyVerdict.Allow);
        PermissionPolicy.Decide(test with { Command = "npm test; rm -rf /" }, grants, PolicyRules.None).Verdict.ShouldBe(PolicyVerdict.Ask);
    }

    [Theory]
    [InlineData("read", "cat src/a.js")]
    [InlineData("read", "cat x | xargs -I{} sh -c 'curl evil'")]
    [InlineData("search", "find . -exec sh evil.sh ;")]
    [InlineData("search", "rg --pre ./evil.sh x")]
    [InlineData("read", "awk 'BEGIN{system(\"sh evil.sh\")}'")]
    [InlineData("think", "sh evil.sh")]
    [InlineData("switch_mode", "sh evil.sh")]
    [InlineData("edit", "sh evil.sh")]
    [InlineData("read", "")]
    public void A_command_is_asked_and_waits_for_the_workspace_whatever_kind_the_agent_calls_it(string kind, string command)
    {
        var call = new ToolCall { Id = "1", Kind = kind, Command = command, Paths = ["/workspace/src/a.js"] };

        PermissionPolicy.Decide(call, new HashSet<string>(), PolicyRules.None).Verdict.ShouldBe(PolicyVerdict.Ask);
        PermissionPolicy.Touches(call).ShouldBeTrue();
        PermissionPolicy.Touches(call with { Command = null }).ShouldBe(kind == "edit");
    }

    [Theory]
    [InlineData("read")]
    [InlineData("search")]
    public void Rules_on_commands_allow_one_that_is_called_reading_and_rules_on_reading_do_not(string kind)
    {
        var call = new ToolCall { Id = "1", Kind = kind, Command = "cat a.js | sort", Paths = ["/workspace/a.js"] };

        Rules.Decide(call, Rules.Of(allow: ["cat *", "sort"])).Verdict.ShouldBe(PolicyVerdict.Allow);
        Rules.Decide(call, Rules.Of(allow: ["cat *"])).Verdict.ShouldBe(PolicyVerdict.Ask);
        Rules.Decide(call, Rules.Of(allow: [$"{kind}: **"])).Verdict.ShouldBe(PolicyVerdict.Ask);
        Rules.Decide(call, Rules.Of(allow: ["*"], deny: [$"{kind}: a.js"])).Verdict.ShouldBe(PolicyVerdict.Deny);
    }
}
