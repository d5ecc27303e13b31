using Bots.Engine.Permissions;
using Bots.Engine.Repositories;
using Bots.Engine.Sessions;
using static Bots.Engine.Tests.Permissions.Rules;

namespace Bots.Engine.Tests.Permissions;

/// <summary>Deny wins over ask, ask over allow, and the organisation over the repository.</summary>
public class PolicyPrecedenceTests
{
    private static readonly ToolCall Test = Run("npm test");
    private static readonly string[] Matching = ["npm test*"];
    private static readonly HashSet<string> Granted = [PermissionPolicy.Subject(Test)];

    public static readonly TheoryData<string, string, bool, PolicyVerdict> Table = new()
    {
        // organisation, repository, granted for the session
        { "", "", false, PolicyVerdict.Ask },
        { "", "", true, PolicyVerdict.Allow },
        { "", "allow", false, PolicyVerdict.Allow },
        { "", "ask", false, PolicyVerdict.Ask },
        { "", "ask", true, PolicyVerdict.Allow },
        { "", "deny", false, PolicyVerdict.Deny },
        { "", "deny", true, PolicyVerdict.Deny },
        { "", "allow ask", false, PolicyVerdict.Ask },
        { "", "allow ask deny", true, PolicyVerdict.Deny },
        { "allow", "", false, PolicyVerdict.Allow },
        { "allow", "ask", false, PolicyVerdict.Ask },
        { "allow", "deny", false, PolicyVerdict.Deny },
        { "ask", "", false, PolicyVerdict.Ask },
        { "ask", "allow", false, PolicyVerdict.Ask },
        { "ask", "allow", true, PolicyVerdict.Allow },
        { "ask", "deny", true, PolicyVerdict.Deny },
        { "deny", "", false, PolicyVerdict.Deny },
        { "deny", "", true, PolicyVerdict.Deny },
        { "deny", "allow", false, PolicyVerdict.Deny },
        { "deny", "allow", true, PolicyVerdict.Deny },
        { "allow ask deny", "allow", true, PolicyVerdict.Deny },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void The_stricter_wins(string organisation, string repository, bool granted, PolicyVerdict expected) =>
        PermissionPolicy.Decide(Test, granted ? Granted : NoGrants, new PolicyRules(Read(organisation), Read(repository))).Verdict.ShouldBe(expected);

    [Fact]
    public void The_rule_that_decided_is_named_with_its_place()
    {
        Decide(Test, Of(allow: Matching)).Rule.ShouldBe("allowed by .bots.yml: npm test*");
        Decide(Test, Of(deny: ["execute: npm *"])).Rule.ShouldBe("denied by .bots.yml: execute: npm *");
        Decide(Test, Organisation(deny: Matching)).Rule.ShouldBe("denied by the organisation's rules: npm test*");
        Decide(Test, Organisation(ask: Matching)).Rule.ShouldBe("asked by the organisation's rules: npm test*");
        Decide(Run("npm test; npm ci"), new PolicyRules(new ToolRules { Allow = ["npm ci"] }, new ToolRules { Allow = Matching })).Rule
            .ShouldBe("allowed by .bots.yml: npm test*; the organisation's rules: npm ci");
    }

    [Fact]
    public void A_built_in_permission_can_be_taken_away()
    {
        Decide(File("edit", "/workspace/a"), Of(deny: ["edit: *"])).Verdict.ShouldBe(PolicyVerdict.Deny);
        Decide(File("read", "/workspace/a"), Of(ask: ["read: *"])).Verdict.ShouldBe(PolicyVerdict.Ask);
        Decide(new ToolCall { Id = "1", Kind = "switch_mode" }, Of(ask: ["switch_mode: *"])).Verdict.ShouldBe(PolicyVerdict.Ask);
    }

    [Fact]
    public void Rules_that_cannot_be_read_are_passed_over() =>
        Decide(Test, Of(allow: ["exec: npm test", "", "npm test*"])).Verdict.ShouldBe(PolicyVerdict.Allow);

    private static ToolRules Read(string verdicts) => new()
    {
        Allow = verdicts.Contains("allow", StringComparison.Ordinal) ? Matching : [],
        Ask = verdicts.Contains("ask", StringComparison.Ordinal) ? Matching : [],
        Deny = verdicts.Contains("deny", StringComparison.Ordinal) ? Matching : [],
    };
}
