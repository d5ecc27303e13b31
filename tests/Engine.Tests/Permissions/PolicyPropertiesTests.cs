using Bots.Engine.Permissions;
using Bots.Engine.Repositories;
using Bots.Engine.Sessions;
using Bots.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace Bots.Engine.Tests.Permissions;

/// <summary>What holds for all rules and all calls.</summary>
public sealed class PolicyPropertiesTests
{
    private static readonly Gen<string> Commands =
        from words in Gen.Elements("git", "push", "rm", "-rf", "npm", "test", "sudo", "&&", "|", ";", "$(", ")", "\"", "'", "`", "\\", "sh -c", "env", "\n", "😀").NonEmptyListOf()
        select string.Join(' ', words);

    private static readonly Gen<string> Paths = Gen.Elements("src/a.cs", "/workspace/src/a.cs", ".git/config", "../out", "/etc/passwd", "package.json", "src/../.git/hooks/x", "");

    private static readonly Gen<string> Rules = Gen.Elements(
        "git push *", "npm test", "*", "rm *", "edit: src/**", "edit: **", "read: **", "execute: sudo *", "delete: **", "fetch: *", "other: *", "no such: rule", "");

    private static readonly Gen<ToolRules> RuleLists =
        from deny in Rules.ListOf() from ask in Rules.ListOf() from allow in Rules.ListOf()
        select new ToolRules { Deny = [.. deny], Ask = [.. ask], Allow = [.. allow] };

    private static readonly Gen<ToolCall> Calls =
        from kind in Gen.Elements("read", "search", "think", "edit", "delete", "execute", "fetch", "of_next_year", "")
        from command in Gen.OneOf(Gen.Constant<string?>(null), Commands.Select(c => (string?)c))
        from paths in Paths.ListOf()
        select new ToolCall { Id = "c", Kind = kind, Title = "t", Command = command, Paths = paths.ToList() };

    private static readonly Gen<(ToolCall Call, PolicyRules Rules, string One)> Cases =
        from call in Calls from organisation in RuleLists from repository in RuleLists from one in Rules
        select (call, new PolicyRules(organisation, repository), one);

    [Fact]
    public void One_more_deny_rule_never_allows_more() => Cases.Hold(
        c => Decide(c.Call, c.Rules with { Repository = c.Rules.Repository with { Deny = [.. c.Rules.Repository.Deny, c.One] } }) >= Decide(c.Call, c.Rules), times: 1000);

    [Fact]
    public void One_more_allow_rule_never_denies_or_asks_more() => Cases.Hold(
        c => Decide(c.Call, c.Rules with { Repository = c.Rules.Repository with { Allow = [.. c.Rules.Repository.Allow, c.One] } }) <= Decide(c.Call, c.Rules), times: 1000);

    [Fact]
    public void What_the_organisation_denies_no_repository_and_no_person_allows() => Cases.Hold(
        c => Decide(c.Call, c.Rules with { Repository = new ToolRules() }) != PolicyVerdict.Deny
            || PermissionPolicy.Decide(c.Call, new HashSet<string> { PermissionPolicy.Subject(c.Call) }, c.Rules).Verdict == PolicyVerdict.Deny, times: 1000);

    [Fact]
    public void Without_rules_whatever_has_a_command_is_asked() => Calls.Hold(
        call => call.Command is null || Decide(call, PolicyRules.None) == PolicyVerdict.Ask, times: 1000);

    [Fact]
    public void Every_answer_says_why() => Cases.Hold(c => PermissionPolicy.Decide(c.Call, new HashSet<string>(), c.Rules).Rule.Length > 0);

    private static PolicyVerdict Decide(ToolCall call, PolicyRules rules) => PermissionPolicy.Decide(call, new HashSet<string>(), rules).Verdict;
}
