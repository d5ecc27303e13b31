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
}
