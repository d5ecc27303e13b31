using Bots.Configuration;
using Bots.Engine.Permissions;

namespace Bots.Tests.Configuration;

public sealed class PermissionsOptionsCheckTests
{
    [Fact]
    public void Rules_that_can_be_read_are_no_problem() =>
        PermissionsOptionsCheck.Check(new() { Allow = ["npm test*"], Ask = ["edit: .github/**"], Deny = ["execute: git push*"] }).ShouldBeEmpty();

    [Fact]
    public void Every_rule_that_cannot_is_reported_with_its_key()
    {
        var problems = PermissionsOptionsCheck.Check(new() { Allow = ["npm test", "exec: npm"], Ask = [""], Deny = ["edit: /etc/passwd"] }).ToList();

        problems.Select(p => p.Key).ShouldBe(["Permissions:Allow:1", "Permissions:Ask:0", "Permissions:Deny:0"]);
        problems[0].Problem.ShouldContain("'exec' is no kind of tool call");
        problems[1].Problem.ShouldContain("has no pattern");
    }
}
